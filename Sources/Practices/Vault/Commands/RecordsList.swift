// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Store

/// `salus records list`: how many records there are. Counts only, so nothing is opened and nothing written.
struct RecordsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Count patients, and their records by type, in their newest versions.")

    @OptionGroup var house: HouseOptions

    func run() async throws {
        try await house.withHouse(for: VaultActions.searchPatients) { [json = house.json] open in
            let inventory = try await open.house.store.read { tx in try Inventory.read(tx) }
            if json { return Terminal.line(inventory.json) }
            Terminal.line("Patients  \(inventory.patients)")
            Terminal.line("Records   \(inventory.resources)")
            Terminal.line("Files     \(inventory.files)")
            for (type, count) in inventory.byType {
                let digits = String(count)
                Terminal.line(String(repeating: " ", count: max(1, 10 - digits.utf8.count)) + "\(digits)  \(type)")
            }
        }
    }
}
