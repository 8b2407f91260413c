// SPDX-License-Identifier: Apache-2.0

import Kernel

/// Every row of the embedded store, brought into a PostgreSQL database that holds none.
///
/// Tables and columns are read from the store itself, so that a table which somebody adds is never forgotten. Nobody
/// may write to either side meanwhile; ``differences()`` says afterwards whether all rows came.
package struct StoreCopy: Sendable {
    /// A table of the store: its columns, and those of its primary key in their order.
    package struct Table: Sendable {
        package let name: String
        let columns: [String]
        let key: [Int]
    }

    private let source: Database
    private let target: Database
    /// What is copied, in the order of the names.
    package let tables: [Table]

    /// Reads what there is to copy. Both stores have had the same migrations.
    ///
    /// - Throws: `Fault(.internal)` for a table without a primary key: its rows could not be read in portions.
    package init(from source: Database, to target: Database) async throws {
        self.source = source
        self.target = target
        tables = try await source.read { tx in try Self.tables(tx) }
    }

    private static func tables(_ tx: any ReadTransaction) throws -> [Table] {
        let names = try tx.rows(
            """
            SELECT name FROM sqlite_master
            WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' AND name NOT IN ('store_format', 'store_migrations')
            ORDER BY name
            """)
        return try names.map { row in
            let name = try row.text(0)
            let columns = try tx.rows("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid", [.text(name)])
            let places = try columns.map { try $0.integer(1) }
            let key = places.indices.filter { places[$0] > 0 }.sorted { places[$0] < places[$1] }
            guard !key.isEmpty else { throw Fault(.internal, "the table \(name) has no primary key") }
            return Table(name: name, columns: try columns.map { try $0.text(0) }, key: key)
        }
    }

    /// Whether the target holds no row at all.
    package func targetIsEmpty() async throws -> Bool {
        try await target.read { [tables] tx in
            try tables.allSatisfy { try tx.row("SELECT 1 FROM \($0.name) LIMIT 1") == nil }
        }
    }

    /// Takes every row out of the target.
    package func clearTarget() async throws {
        for table in tables {
            try await target.write { tx in try tx.execute("DELETE FROM \(table.name)") }
        }
    }

    /// Copies every row, and tells of each portion how many rows were copied so far.
    package func run(_ progress: @Sendable (Int64) -> Void) async throws -> Int64 {
        var count: Int64 = 0
        for table in tables {
            var last: Row?
            while true {
                let rows = try await source.read { [last] tx in try Self.portion(of: table, after: last, tx) }
                guard let end = rows.last else { break }
                try await target.write { tx in try Self.insert(rows, into: table, tx) }
                last = Row(table.key.map { end.values[$0] })
                count += Int64(rows.count)
                progress(count)
            }
        }
        return count
    }

    /// How many rows there are to copy.
    package func count() async throws -> Int64 {
        try await source.read { [tables] tx in try tables.reduce(0) { $0 + (try Self.count($1, tx)) } }
    }

    /// The tables that do not hold the same number of rows on both sides.
    package func differences() async throws -> [String] {
        let here = try await source.read { [tables] tx in try tables.map { try Self.count($0, tx) } }
        let there = try await target.read { [tables] tx in try tables.map { try Self.count($0, tx) } }
        return tables.indices.filter { here[$0] != there[$0] }.map { tables[$0].name }
    }

    private static func count(_ table: Table, _ tx: any ReadTransaction) throws -> Int64 {
        try tx.row("SELECT COUNT(*) FROM \(table.name)")?.integer(0) ?? 0
    }

    /// So many rows, and bytes of them, are in memory at a time, beside the last row.
    private static let (mostRows, mostBytes) = (512, 4 << 20)

    private static func portion(of table: Table, after last: Row?, _ tx: any ReadTransaction) throws -> [Row] {
        let key = table.key.map { table.columns[$0] }.joined(separator: ", ")
        let marks = Array(repeating: "?", count: table.key.count).joined(separator: ", ")
        let after = last == nil ? "" : "WHERE (\(key)) > (\(marks)) "
        var rows: [Row] = []
        var bytes = 0
        try tx.forEachRow(
            "SELECT \(table.columns.joined(separator: ", ")) FROM \(table.name) \(after)ORDER BY \(key)",
            last?.values ?? []
        ) { row in
            rows.append(row)
            bytes += row.values.reduce(0) { $0 + $1.size }
            return rows.count < mostRows && bytes < mostBytes
        }
        return rows
    }

    /// Several rows go in one statement: each statement is a journey to the server and back.
    private static func insert(_ rows: [Row], into table: Table, _ tx: any Transaction) throws {
        let together = 64
        let row = "(" + Array(repeating: "?", count: table.columns.count).joined(separator: ", ") + ")"
        for start in stride(from: 0, to: rows.count, by: together) {
            let some = rows[start..<min(start + together, rows.count)]
            try tx.execute(
                "INSERT INTO \(table.name) (\(table.columns.joined(separator: ", "))) VALUES "
                    + Array(repeating: row, count: some.count).joined(separator: ", "),
                some.flatMap(\.values))
        }
    }
}

extension StoreValue {
    fileprivate var size: Int {
        switch self {
        case .null, .integer: 8
        case .text(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        }
    }
}
