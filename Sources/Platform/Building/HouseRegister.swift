// SPDX-License-Identifier: Apache-2.0

import Kernel
package import Store

/// What is known of the installation itself: its name, and whether its patients are invented.
package struct HouseRegister: Sendable {
    /// The name of the clinic.
    package let name: String
    /// Whether the store was made for the synthetic clinic; once so, for ever.
    package let isSynthetic: Bool
    /// Whether the store held nothing before this start.
    package let isNew: Bool

    /// The table of the register.
    package static let migrations = [
        Migration(
            name: "building/0002_register",
            statements: ["CREATE TABLE building_register (key TEXT PRIMARY KEY, value BYTES NOT NULL)"])
    ]

    /// Reads the register, and fills it in at the birth of the store.
    ///
    /// - Parameter synthetic: whether a store that is born now is for the synthetic clinic.
    package static func open(_ store: Database, name: String?, synthetic: Bool) async throws -> HouseRegister {
        try await store.write { tx in
            guard try value(moving, tx) == nil else {
                throw Fault(
                    .refused,
                    "A move into this database did not come to its end. Run it again: salus database move --to …")
            }
            let isNew = try value("born", tx) == nil
            if isNew {
                try set("born", Array(tx.now.rfc3339.utf8), tx)
                try set("synthetic", synthetic ? [1] : [0], tx)
            }
            if let name { try set("name", Array(name.utf8), tx) }
            let isSynthetic = try value("synthetic", tx) == [1]
            let stored = try value("name", tx).map { String(decoding: $0, as: UTF8.self) }
            return HouseRegister(
                name: stored ?? (isSynthetic ? "Salus Demo Clinic" : "Our institution"), isSynthetic: isSynthetic,
                isNew: isNew)
        }
    }

    /// Whether the synthetic clinic's past was told to its end; nil where nobody began to.
    package static func isStoryTold(_ store: Database) async throws -> Bool? {
        try await store.read { tx in try value("story", tx).map { $0 == [1] } }
    }

    /// Notes that the synthetic clinic's past is being told, or that all of it is.
    ///
    /// - Throws: `Fault.refused` in a store that was made for real patients.
    package static func noteStory(isTold: Bool, _ store: Database) async throws {
        try await store.write { tx in
            try demandSynthetic(tx)
            try set("story", isTold ? [1] : [0], tx)
        }
    }

    /// Says whether the past that is being told is allowed here.
    ///
    /// - Throws: `Fault.refused` in a store that was made for real patients.
    package static func demandSynthetic(_ tx: any ReadTransaction) throws {
        guard try value("synthetic", tx) == [1] else {
            throw Fault(
                .refused,
                "This store was made for real patients; the synthetic clinic needs a data folder of its own.")
        }
    }

    private static func value(_ key: String, _ tx: any ReadTransaction) throws -> [UInt8]? {
        try tx.row("SELECT value FROM building_register WHERE key = ?", [.text(key)])?.bytes(0)
    }

    private static func set(_ key: String, _ value: [UInt8], _ tx: any Transaction) throws {
        try tx.execute(
            """
            INSERT INTO building_register (key, value) VALUES (?, ?)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """,
            [.text(key), .bytes(value)])
    }
}

extension HouseRegister {
    /// The register's table, which holds one row more while a store is moved.
    package static let table = "building_register"
    /// The key under which a database says that a move into it is underway.
    private static let moving = "moving"

    /// Marks an empty database as one into which a store is being moved; what a broken move left there goes.
    ///
    /// - Throws: `Fault.refused` when something else lies there.
    package static func beginMove(into target: Database, _ copy: StoreCopy) async throws {
        if try await target.read({ tx in try value(moving, tx) }) != nil {
            try await copy.clearTarget()
        } else if try await !copy.targetIsEmpty() {
            throw Fault(.refused, "The database is not empty: it holds an installation of Salus. Name an empty one.")
        }
        try await target.write { tx in try set(moving, [1], tx) }
    }

    /// Takes the mark away, in one transaction with what is recorded about the move.
    package static func endMove(
        into target: Database, _ record: @escaping @Sendable (any Transaction) throws -> Void
    ) async throws {
        try await target.write { tx in
            try tx.execute("DELETE FROM building_register WHERE key = ?", [.text(moving)])
            try record(tx)
        }
    }
}
