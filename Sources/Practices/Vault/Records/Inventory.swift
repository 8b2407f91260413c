// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
package import Store

/// What the vault holds, in numbers.
package struct Inventory: Sendable, Equatable {
    /// Patients.
    package let patients: Int64
    /// Records, each counted once, in its newest version.
    package let resources: Int64
    /// Records by type, sorted by type.
    package let byType: [(type: String, count: Int64)]
    /// Files that were taken in.
    package let files: Int64

    package static func == (one: Inventory, other: Inventory) -> Bool {
        one.json.utf8.elementsEqual(other.json.utf8)
    }

    /// Counts.
    package static func read(_ tx: any ReadTransaction) throws -> Inventory {
        let types = try tx.rows(
            "SELECT type, count(*) FROM vault_records WHERE current = 1 GROUP BY type ORDER BY type"
        ).map { (type: try $0.text(0), count: try $0.integer(1)) }
        return Inventory(
            patients: try tx.row("SELECT count(*) FROM vault_patients")?.integer(0) ?? 0,
            resources: types.reduce(0) { $0 + $1.count }, byType: types,
            files: try tx.row("SELECT count(*) FROM vault_files")?.integer(0) ?? 0)
    }

    /// One line for other programs; the order of the members is part of it.
    package var json: String {
        // Types are letters only: the import refuses all others.
        let types = byType.map { "\"\($0.type)\":\($0.count)" }.joined(separator: ",")
        return "{\"patients\":\(patients),\"resources\":\(resources),\"byType\":{\(types)},\"files\":\(files)}"
    }
}

extension RecordStore {
    /// What the vault holds now.
    package func inventory() async throws -> Inventory {
        try await house.store.read { tx in try Inventory.read(tx) }
    }
}
