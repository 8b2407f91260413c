// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Foundation
import Kernel
import Ledger
import Store

/// `salus database`: where the store is.
struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "database", abstract: "Move the store of Salus into a PostgreSQL database.",
        subcommands: [DatabaseMove.self])
}

/// `salus database move`.
struct DatabaseMove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract: "Move the embedded store and the evidence log into an empty PostgreSQL database.",
        discussion: """
            Stop Salus first. Every row and every file of the log is copied, counted, and the log is verified in its \
            new place; then the old store is put aside as salus.db.moved and ledger.moved. When something fails the \
            old store stays in use; run the command again.

            EXIT STATUS: 0 moved, 1 failed, 4 refused.
            """)

    @OptionGroup var house: HouseOptions

    @Option(help: ArgumentHelp("The empty database: postgres://user@host/name.", valueName: "url"))
    var to: String

    func run() async throws {
        let settings = try CommandHouse.settings(house)
        guard case .sqlite(let file) = settings.location else {
            throw Fault(.refused, "The store is in a PostgreSQL database already. To copy that one: pg_dump")
        }
        try Self.expectNobody(in: file)
        let (url, json) = (to, house.json)
        try await CommandHouse.withEstate(house, for: ConsoleActions.manageKeys) { estate in
            let target = try await Database.open(.postgres(url: url), clock: SystemClock())
            do {
                let rows = try await Self.move(estate, to: target) { try Self.expectNobody(in: file) }
                Self.report(rows, json: json)
            } catch {
                await target.close()
                throw error
            }
            await target.close()
        }
        try Self.putAside(settings)
    }

    /// - Parameter expectNobody: throws when somebody else has the store open.
    private static func move(
        _ estate: Estate, to target: Database, _ expectNobody: () throws -> Void
    ) async throws -> Int64 {
        try await target.migrate(Practices.migrations)
        let source = estate.house.store
        let copy = try await StoreCopy(from: source, to: target)
        try await HouseRegister.beginMove(into: target, copy)
        try await estate.house.ledger.settle()
        // Nobody publishes leaves while the files of the log are copied.
        guard let lock = try await source.tryLock(name: "ledger") else { throw isRunning() }
        do {
            let before = try await activity(source)
            let rows = try await carry(copy, estate, to: target)
            try expectNobody()
            guard try await activity(source) == before else { throw isRunning() }
            let fact = Fact(ServerFacts.moved, by: CommandHouse.actor, [.init("rows", .integer(rows))])
            try await HouseRegister.endMove(into: target) { tx in try tx.record(fact) }
            await lock.release()
            return rows
        } catch {
            await lock.release()
            throw error
        }
    }

    private static func expectNobody(in file: String) throws {
        if let process = StoreUsers.others(of: file).first { throw isRunning(process) }
    }

    private static func isRunning(_ process: Int32? = nil) -> Fault {
        let who = process.map { " (process \($0))" } ?? ""
        return Fault(
            .conflict, "Salus is running\(who). Stop it and every command of it, then run this one again.")
    }

    /// What changes with everything that Salus records.
    private static func activity(_ store: Database) async throws -> [Int64] {
        try await store.read { tx in
            [
                try tx.row("SELECT COUNT(*) FROM ledger_pending")?.integer(0) ?? 0,
                try tx.row("SELECT size FROM ledger_state")?.integer(0) ?? 0,
            ]
        }
    }

    /// Copies the rows and the log, and looks whether both are whole.
    private static func carry(_ copy: StoreCopy, _ estate: Estate, to target: Database) async throws -> Int64 {
        let bar = TerminalProgress("Moving", total: try await copy.count())
        let rows = try await copy.run { bar.show($0, "\($0) rows") }
        bar.finish()
        let (old, new) = (estate.settings.tiles(estate.house.store), TableTileStore(target))
        for name in try await old.names() {
            guard let bytes = try await old.bytes(name) else { continue }
            try await new.replace(name, bytes, expecting: nil)
        }
        let missing = try await copy.differences().filter { $0 != "ledger_tiles" && $0 != HouseRegister.table }
        guard missing.isEmpty else {
            throw Fault(.damaged, "Not every row came: \(missing.joined(separator: ", ")). Run this command again.")
        }
        let verified = try await LogVerification.verify(
            new, trusted: estate.house.ledger.verifierKey, store: target)
        guard verified.problems.isEmpty else {
            throw Fault(
                .damaged, "The log does not verify in its new place: \(verified.problems.joined(separator: "; "))")
        }
        return rows
    }

    private static func report(_ rows: Int64, json: Bool) {
        guard !json else { return Terminal.json(.object([.init("rows", .integer(rows))])) }
        Terminal.line("moved: \(rows) rows and the evidence log, which verifies in its new place")
        Terminal.line("next: name the database in the settings (database: postgres://…), and start Salus")
    }

    /// Whoever starts Salus with the old settings must not go on in the old store: there would be two logs of one key.
    private static func putAside(_ settings: Settings) throws {
        for name in ["salus.db", "salus.db-wal", "salus.db-shm", "ledger"] {
            let path = "\(settings.data)/\(name)"
            guard FileManager.default.fileExists(atPath: path) else { continue }
            do {
                try FileManager.default.moveItem(atPath: path, toPath: name == "ledger" ? "\(path).moved" : aside(path))
            } catch {
                throw Fault(
                    .unavailable, "Everything was moved, but \(path) could not be put aside. Move it away yourself.")
            }
        }
    }

    /// `salus.db-wal` becomes `salus.db.moved-wal`, so that the store that was put aside can still be opened.
    private static func aside(_ path: String) -> String {
        path.replacing("salus.db", with: "salus.db.moved", maxReplacements: 1)
    }
}
