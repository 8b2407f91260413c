// SPDX-License-Identifier: Apache-2.0

import Kernel
package import Store
package import TransparencyLog

/// Tiles as rows, for when several processes share one database.
package struct TableTileStore: TileStore {
    private let store: Database

    /// The log in `store`.
    package init(_ store: Database) {
        self.store = store
    }

    package func reading<T: Sendable>(
        _ body: @escaping @Sendable (@escaping TileReader) throws -> T
    ) async throws -> T {
        try await store.read { tx in
            try withoutActuallyEscaping({ (path: TilePath) throws -> [UInt8] in
                try path.bytes { try Self.bytes($0.description, tx) }
            }) { try body($0) }
        }
    }

    package func bytes(_ name: String) async throws -> [UInt8]? {
        try await store.read { tx in try Self.bytes(name, tx) }
    }

    private static func bytes(_ name: String, _ tx: any ReadTransaction) throws -> [UInt8]? {
        try tx.row("SELECT bytes FROM ledger_tiles WHERE path = ?", [.text(name)])?.bytes(0)
    }

    package func write(_ files: [TileFile]) async throws {
        try await store.write { tx in
            for file in files { try Self.put(file.path.description, file.bytes, tx) }
        }
        try await store.read { tx in
            for file in files where try Self.bytes(file.path.description, tx) != file.bytes {
                throw Fault(.damaged, "\(file.path) of the log reads back other bytes than were written.")
            }
        }
    }

    package func replace(_ name: String, _ bytes: [UInt8], expecting old: [UInt8]?) async throws {
        try await store.write { tx in
            guard try Self.bytes(name, tx) == old else { throw replacedMeanwhile(name) }
            try Self.put(name, bytes, tx)
        }
    }

    private static func put(_ name: String, _ bytes: [UInt8], _ tx: any Transaction) throws {
        try tx.execute(
            """
            INSERT INTO ledger_tiles (path, bytes) VALUES (?, ?)
            ON CONFLICT (path) DO UPDATE SET bytes = excluded.bytes
            """,
            [.text(name), .bytes(bytes)])
    }

    package func remove(_ paths: [TilePath]) async throws {
        try await store.write { tx in
            for path in paths {
                try tx.execute("DELETE FROM ledger_tiles WHERE path = ?", [.text(path.description)])
            }
        }
    }

    package func names() async throws -> [String] {
        try await store.read { tx in
            try tx.rows("SELECT path FROM ledger_tiles ORDER BY path", []).map { try $0.text(0) }
        }
    }
}
