// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Kernel
import Keyring
import Ledger
import Store
import TransparencyLog

/// `salus status`: what this installation is and how it stands, in a few lines.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show what this installation is and how it stands.")

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let json = house.json
        try await CommandHouse.withEstate(house, for: ConsoleActions.readSettings) { estate in
            let keys = try await estate.house.keyring.status()
            let checkpoint = try await estate.house.ledger.checkpoint()?.checkpoint
            let people = try await estate.house.directory.everyone()
            let values: [CanonicalMember] = [
                .init("version", .string(Version.number)),
                .init("institution", .string(estate.register.name)),
                .init("synthetic", .boolean(estate.register.isSynthetic)),
                .init("store", .string(estate.house.store.dialect == .sqlite ? "sqlite" : "postgres")),
                .init("people", .integer(Int64(people.count))),
                .init("keyEpoch", .integer(keys.epoch)),
                .init("dataKeys", .integer(keys.dataKeys)),
                .init("recoveryConfirmed", .boolean(!keys.recoveryPending)),
                .init("leaves", .integer(Int64(clamping: checkpoint?.size ?? 0))),
                .init("pending", .integer(try await estate.house.ledger.pendingCount())),
            ]
            if json { return Terminal.json(.object(values)) }
            Terminal.line("\(estate.register.name)\(estate.register.isSynthetic ? " (synthetic)" : "")")
            Terminal.line(
                "  Salus \(Version.number), \(estate.house.store.dialect == .sqlite ? "embedded store" : "PostgreSQL")")
            Terminal.line("  People: \(people.count)")
            Terminal.line("  Keys: epoch \(keys.epoch), \(keys.dataKeys) data keys")
            Terminal.line("  Recovery phrase: \(keys.recoveryPending ? "NOT WRITTEN DOWN YET" : "confirmed")")
            Terminal.line("  Evidence log: \(checkpoint?.size ?? 0) leaves")
        }
    }
}
