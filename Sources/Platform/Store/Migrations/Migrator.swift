// SPDX-License-Identifier: Apache-2.0

import Kernel

/// Brings a store's tables up to date, the same way on both engines.
struct Migrator {
    /// The format of the store as a whole that this program writes.
    static let format: Int64 = 1

    private let migrations: [Migration]

    /// - Throws: `Fault(.internal)` when two migrations have one name or a name is not fit for a file.
    init(_ migrations: [Migration]) throws(Fault) {
        self.migrations = migrations
        var seen: Set<[UInt8]> = []
        for migration in migrations {
            let name = Array(migration.name.utf8)
            guard seen.insert(name).inserted else {
                throw Fault(.internal, "two migrations are called `\(migration.name)`")
            }
            guard !name.isEmpty, name.allSatisfy(Self.isFit) else {
                throw Fault(.internal, "a migration's name has letters, digits, `/`, `-` and `_` only")
            }
        }
    }

    private static func isFit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// Applies what is missing. `write` runs a closure in a transaction; `safeguard` is called with the first
    /// missing migration's name before a store that is in use changes.
    func run(write: ((any Transaction) throws -> Void) throws -> Void, safeguard: (String) throws -> Void) throws {
        var applied: Set<[UInt8]> = []
        try write { transaction in applied = try Self.state(transaction) }
        let known = Set(migrations.map { Array($0.name.utf8) })
        guard applied.isSubset(of: known) else { throw Self.newer }
        let pending = migrations.filter { !applied.contains(Array($0.name.utf8)) }
        if let first = pending.first, !applied.isEmpty { try safeguard(first.name) }
        for migration in pending {
            try write { transaction in try Self.apply(migration, transaction) }
        }
    }

    /// The names of the applied migrations; makes the store's own tables when they are missing.
    private static func state(_ transaction: any Transaction) throws -> Set<[UInt8]> {
        try transaction.execute("CREATE TABLE IF NOT EXISTS store_format (version BIGINT PRIMARY KEY)")
        try transaction.execute(
            "CREATE TABLE IF NOT EXISTS store_migrations (name TEXT PRIMARY KEY, at BIGINT NOT NULL)")
        let formats = try transaction.rows("SELECT version FROM store_format")
        for row in formats where try row.integer(0) > format { throw newer }
        if formats.isEmpty {
            try transaction.execute("INSERT INTO store_format (version) VALUES (?)", [.integer(format)])
        }
        let rows = try transaction.rows("SELECT name FROM store_migrations")
        return Set(try rows.map { Array(try $0.text(0).utf8) })
    }

    /// Applies one migration, unless another process was faster.
    private static func apply(_ migration: Migration, _ transaction: any Transaction) throws {
        let added = try transaction.execute(
            "INSERT INTO store_migrations (name, at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
            [.text(migration.name), .integer(transaction.now.microseconds)])
        if added == 0 { return }
        for statement in migration.statements { try transaction.execute(statement) }
    }

    private static let newer = Fault(
        .newerFormat, "the store was written by a newer version of Salus; update this program")
}
