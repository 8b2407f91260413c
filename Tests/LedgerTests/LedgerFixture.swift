// SPDX-License-Identifier: Apache-2.0

import Codecs
import Foundation
import Kernel
import Ledger
import Logging
import Store
import TestSupport
import TransparencyLog

/// A log on either store for the length of one test: files on SQLite, rows on PostgreSQL.
struct LedgerFixture: Sendable {
    let fixture: StoreFixture
    let tiles: any TileStore

    static let key = (0..<32).map { UInt8($0) }
    static let institution = Identifier<Institution>(bytes: (0..<16).map { UInt8($0 + 0x40) })
    static let kinds = [FactKind("test.opened.v1", "Opened"), FactKind("test.closed.v1", "Closed")]

    var store: Database { fixture.database }
    var folder: String { fixture.folder + "/ledger" }

    static func with(
        _ dialect: StoreDialect, isolation: isolated (any Actor)? = #isolation,
        _ body: (LedgerFixture) async throws -> Void
    ) async throws {
        try await StoreFixture.with(dialect, migrations: EvidenceLog.migrations) { fixture in
            let tiles: any TileStore =
                switch dialect {
                case .sqlite: FileTileStore(folder: fixture.folder + "/ledger")
                case .postgres: TableTileStore(fixture.database)
                }
            try await body(LedgerFixture(fixture: fixture, tiles: tiles))
        }
    }

    /// Opens the log, as a start of the program does.
    func open(
        on other: (any TileStore)? = nil, store: Database? = nil, key: [UInt8] = key,
        reserve: (any EvidenceReserve)? = nil
    ) async throws -> EvidenceLog {
        guard let institution = Self.institution else { throw Fault(.internal, "no institution") }
        return try await EvidenceLog(
            store: store ?? self.store, tiles: other ?? tiles, signingKey: key, institution: institution,
            reserve: reserve, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Records `count` facts, each in a transaction of its own with an act, and returns their ids.
    @discardableResult
    func record(_ count: Int, on store: Database? = nil) async throws -> [Identifier<Kernel.Leaf>] {
        try await (store ?? self.store).write { tx in
            try (0..<count).map { number in try tx.record(Self.fact(number)) }
        }
    }

    static func fact(_ number: Int) -> Fact {
        Fact(
            kinds[number % 2], by: EntityReference(type: "person", id: "p\(number % 3)"),
            on: number % 5 == 0 ? [UInt8](repeating: UInt8(number % 2), count: 16) : nil,
            [.init("number", .integer(Int64(number)))])
    }

    /// Puts leaves with known ids beside the acts that would have recorded them.
    func insert(_ leaves: some Sequence<Ledger.Leaf>) async throws {
        let rows = try leaves.map { (id: $0.id.bytes, bytes: try $0.encoded()) }
        try await store.write { tx in
            for row in rows {
                try tx.execute(
                    "INSERT INTO ledger_pending (id, leaf) VALUES (?, ?)", [.bytes(row.id), .bytes(row.bytes)])
            }
        }
    }

    func verify(remembered: [UInt8]? = nil, trusted: String? = nil, alone: Bool = false) async throws -> LogVerification
    {
        try await LogVerification.verify(
            tiles, remembered: remembered, trusted: trusted, store: alone ? nil : store)
    }

    /// Every name in the log with its bytes.
    func everything() async throws -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        for name in try await tiles.names() { found[name] = try await tiles.bytes(name) }
        return found
    }

    /// Changes what is stored under `name` behind the log's back; nil removes it.
    func tamper(_ name: String, _ bytes: [UInt8]?) async throws {
        if fixture.database.dialect == .postgres {
            try await store.write { tx in
                try tx.execute("DELETE FROM ledger_tiles WHERE path = ?", [.text(name)])
                guard let bytes else { return }
                try tx.execute("INSERT INTO ledger_tiles (path, bytes) VALUES (?, ?)", [.text(name), .bytes(bytes)])
            }
        } else {
            let file = URL(fileURLWithPath: "\(folder)/\(name)")
            try? FileManager.default.removeItem(at: file)
            guard let bytes else { return }
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
        }
    }

    /// Makes the stored form be exactly `files`.
    func replaceEverything(with files: [String: [UInt8]]) async throws {
        for name in try await tiles.names() where files[name] == nil { try await tamper(name, nil) }
        for (name, bytes) in files { try await tamper(name, bytes) }
    }

    /// The leaves in the order of the log, as the tiles hold them.
    func entries(_ size: UInt64) async throws -> [[UInt8]] {
        try await tiles.reading { read in
            var entries: [[UInt8]] = []
            var item: UInt64 = 0
            while let path = TilePath.holding(item, of: .entries, inTreeOf: size) {
                entries += try EntryBundle.decode(try read(path), at: path)
                item += 256
            }
            return entries
        }
    }
}

/// A generator that gives the same numbers each time.
struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}
