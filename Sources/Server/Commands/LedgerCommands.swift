// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Foundation
import Kernel
import Ledger
import Store
import TransparencyLog

/// `salus ledger`: the evidence log.
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Check the evidence log and prove what is in it.",
        subcommands: [LedgerVerify.self, LedgerProve.self, LedgerCheck.self, LedgerCheckpoint.self, LedgerReindex.self])

    /// Prints a text of the log as it is, or as the member `name` of a JSON object.
    static func write(_ bytes: [UInt8], as name: String, isJSON: Bool) {
        guard isJSON else { return FileHandle.standardOutput.write(Data(bytes)) }
        Terminal.json(.object([.init(name, .string(String(decoding: bytes, as: UTF8.self)))]))
    }
}

/// `salus ledger verify`.
struct LedgerVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Recompute the whole log and say exactly what is wrong.",
        discussion: """
            Needs no key and writes no evidence. With --against a checkpoint that was kept elsewhere, a log that was \
            set back or rewritten since then is found out. Where nothing may be written (a copy on a read-only disk), \
            the store cannot be opened: then the log alone is verified, and a note says so.

            EXIT STATUS: 0 verified, 6 damaged.
            """)

    @OptionGroup var house: HouseOptions

    @Option(help: ArgumentHelp("An earlier checkpoint of this log, kept elsewhere.", valueName: "file"))
    var against: String?

    @Option(help: ArgumentHelp("The public key to trust, instead of the one beside the log.", valueName: "vkey"))
    var key: String?

    func run() async throws {
        let settings = try CommandHouse.settings(house)
        let remembered = try against.map { path in
            guard let data = FileManager.default.contents(atPath: path) else {
                throw Fault(.invalidInput, "The checkpoint \(path) cannot be read.")
            }
            guard (try? SignedNote(bytes: Array(data))) != nil else {
                throw Fault(.invalidInput, "\(path) is not a checkpoint of a log.")
            }
            return Array(data)
        }
        let isReadOnly = Self.isReadOnly(settings)
        let store = isReadOnly ? nil : try await openStore(settings)
        let result: LogVerification
        do {
            let tiles: any TileStore
            if let store { tiles = settings.tiles(store) } else { tiles = FileTileStore(folder: settings.ledgerFolder) }
            result = try await LogVerification.verify(tiles, remembered: remembered, trusted: key, store: store)
        } catch {
            await store?.close()
            throw error
        }
        await store?.close()
        if store == nil, result.size == 0, result.problems.isEmpty {
            throw Fault(.notFound, "There is no log in \(settings.data), and no store that could tell of one.")
        }
        let alone = "nothing may be written in \(settings.data), so the store was not compared with the log"
        try report(result, notes: isReadOnly ? [alone] + result.notes : result.notes)
    }

    /// Whether there is an embedded store with a log beside it where this user may write nothing: SQLite needs files
    /// of its own even to read.
    private static func isReadOnly(_ settings: Settings) -> Bool {
        guard case .sqlite(let path) = settings.location else { return false }
        let files = FileManager.default
        guard files.fileExists(atPath: path), files.fileExists(atPath: settings.ledgerFolder) else { return false }
        return !files.isWritableFile(atPath: settings.data) || !files.isWritableFile(atPath: path)
    }

    /// The store where there is one: the log can be verified without it.
    private func openStore(_ settings: Settings) async throws -> Database? {
        try settings.refuseMoved()
        if case .sqlite(let path) = settings.location, !FileManager.default.fileExists(atPath: path) {
            guard FileManager.default.fileExists(atPath: settings.ledgerFolder) else {
                throw Fault(.notFound, "There is no Salus data in \(settings.data).")
            }
            return nil
        }
        let store = try await Database.open(settings.location, clock: SystemClock())
        do {
            _ = try await store.read { tx in try tx.row("SELECT 1 FROM ledger_state LIMIT 1", []) }
            return store
        } catch {
            await store.close()
            // A store whose making was cut short does not know the table yet.
            guard (error as? Fault)?.code == .internal else { throw error }
            throw Fault(.notFound, "There is no Salus data yet: its making was cut short. Start it again.")
        }
    }

    private func report(_ result: LogVerification, notes: [String]) throws {
        if house.json {
            Terminal.json(
                .object([
                    .init("leaves", .integer(Int64(clamping: result.size))),
                    .init("root", .string(result.root.base64)),
                    .init("verified", .boolean(result.problems.isEmpty)),
                    .init("problems", .array(result.problems.map { .string($0) })),
                    .init("notes", .array(notes.map { .string($0) })),
                ]))
        } else {
            for note in notes { Terminal.line("note: \(note)") }
            for problem in result.problems { Terminal.line("damaged: \(problem)") }
            if result.problems.isEmpty {
                Terminal.line("verified: \(result.size) leaves, root \(result.root.base64)")
            }
        }
        guard result.problems.isEmpty else { throw ExitCode(6) }
    }
}

/// `salus ledger prove`.
struct LedgerProve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove", abstract: "Write the proof that an entry is in the log (C2SP tlog-proof).",
        discussion: """
            The file holds the entry as well. Whoever has the log's public key checks it with `salus ledger check`.
            """)

    @OptionGroup var house: HouseOptions

    @Argument(help: "The place of the entry in the log, from 0.")
    var entry: Int64

    func run() async throws {
        let (entry, isJSON) = (entry, house.json)
        try await house.withHouse(for: ConsoleActions.readLog) { open in
            let proof = try await open.house.ledger.proof(of: entry, holdsLeaf: true)
            LedgerCommand.write(proof.bytes, as: "proof", isJSON: isJSON)
        }
    }
}

/// `salus ledger checkpoint`.
struct LedgerCheckpoint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint", abstract: "Print the newest signed checkpoint, to be kept elsewhere.")

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let isJSON = house.json
        try await house.withHouse(for: ConsoleActions.readLog) { open in
            try await open.house.ledger.settle()
            guard let checkpoint = try await open.house.ledger.checkpoint() else {
                throw Fault(.notFound, "The log has no checkpoint yet.")
            }
            LedgerCommand.write(checkpoint.bytes, as: "checkpoint", isJSON: isJSON)
        }
    }
}

/// `salus ledger reindex`.
struct LedgerReindex: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reindex", abstract: "Make the index by which the console finds entries anew from the log.",
        discussion: """
            The log itself is not touched. Needed when `salus ledger verify` says that the index differs.

            EXIT STATUS: 0 done, 6 the log itself is damaged.
            """)

    @OptionGroup var house: HouseOptions

    func run() async throws {
        try await house.withHouse(for: ConsoleActions.readLog) { open in
            try await open.house.ledger.settle()
            let count = try await open.house.ledger.rebuildIndex()
            Terminal.line("index made anew: \(count) entries")
        }
    }
}
