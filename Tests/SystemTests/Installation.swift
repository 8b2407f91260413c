// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestSupport
import Testing

/// An installation of Salus for the length of one test: its data folder, its key file, perhaps its database.
struct Installation: Sendable {
    /// A folder of the test's own.
    let folder: String
    /// The PostgreSQL database, where it is not the embedded store.
    var database: String?

    /// The data folder.
    var data: String { "\(folder)/data" }
    /// The key file, outside the data folder.
    var keyFile: String { "\(folder)/key" }
    /// The embedded store.
    var store: String { "\(data)/salus.db" }
    /// The folder of the evidence log.
    var ledger: String { "\(data)/ledger" }

    /// The options that name it.
    var options: [String] {
        ["--data", data, "--key-file", keyFile] + (database.map { ["--database", $0] } ?? [])
    }

    /// Calls `body` with an installation that holds nothing yet, or a copy of `template`.
    ///
    /// Only a few are at work at a time: the machine may be small, and times are measured.
    static func with<Value: Sendable>(
        copyOf template: Installation? = nil, database: String? = nil,
        isolation: isolated (any Actor)? = #isolation, _ body: (Installation) async throws -> Value
    ) async throws -> Value {
        await Gate.shared.enter()
        let result: Result<Value, any Error>
        do {
            result = .success(
                try await TemporaryFolder.with { folder in
                    let installation = Installation(folder: folder, database: database)
                    if let template { try await installation.copy(template) }
                    return try await body(installation)
                })
        } catch {
            result = .failure(error)
        }
        await Gate.shared.leave()
        return try result.get()
    }

    private func copy(_ template: Installation) async throws {
        let copied = try await Program.run(
            "/bin/cp", ["-a", "--reflink=auto", template.data, template.keyFile, folder])
        guard copied.status == 0 else { throw TestSupportError(copied.words) }
    }

    /// Runs a command of the program on this installation.
    func salus(
        _ arguments: String..., environment: [String: String] = [:], input: String = "",
        within limit: Duration = .seconds(180)
    ) async throws -> Finished {
        try await Program.run(
            arguments + options, environment: environment, input: input, in: folder, within: limit)
    }

    /// Starts a command of the program on this installation.
    func start(_ arguments: String...) throws -> Running {
        try Program.start(arguments + options, in: folder)
    }

    /// Calls `body` while `salus up` serves this installation.
    func serving<Value: Sendable>(
        _ arguments: [String] = [], listen: String = "127.0.0.1:0", environment: [String: String] = [:],
        isolation: isolated (any Actor)? = #isolation, _ body: (Server) async throws -> Value
    ) async throws -> Value {
        let server = try await up(arguments, listen: listen, environment: environment)
        defer { server.running.discard() }
        return try await body(server)
    }

    /// Starts `salus up`, and stops it in good order.
    func opensAndCloses() async throws {
        let server = try await up()
        defer { server.running.discard() }
        let status = try await server.stop()
        #expect(status == 0, "\(server.running.errors)")
    }

    /// Starts `salus up` and waits until it serves.
    func up(
        _ arguments: [String] = [], listen: String = "127.0.0.1:0", environment: [String: String] = [:]
    ) async throws -> Server {
        let running = try Program.start(
            ["up", "--listen", listen] + arguments + options, environment: environment, in: folder)
        do {
            return Server(running: running, console: try await running.line("console: "), folder: folder)
        } catch {
            running.discard()
            throw error
        }
    }

    /// The members of `salus status --json`.
    func status() async throws -> [String: Any] {
        try JSON.object(try await salus("status", "--json"))
    }

    /// What `salus ledger verify` says; fails unless the log is whole.
    func verified() async throws -> (leaves: Int, root: String) {
        let said = try await salus("ledger", "verify", "--json")
        let object = try JSON.object(said)
        guard let leaves = object["leaves"] as? Int, let root = object["root"] as? String else {
            throw TestSupportError("ledger verify: \(said.words)")
        }
        return (leaves, root)
    }

    /// The files below the data folder, as paths relative to it.
    func files(below part: String = "") throws -> [String] {
        let root = part.isEmpty ? data : "\(data)/\(part)"
        guard let walk = FileManager.default.enumerator(atPath: root) else {
            throw TestSupportError("no folder \(root)")
        }
        return walk.compactMap { $0 as? String }.filter { path in
            var isFolder: ObjCBool = false
            return unsafe FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }
}

/// `salus up` while it serves.
struct Server: Sendable {
    let running: Running
    /// The address that it printed.
    let console: String
    private let folder: String

    init(running: Running, console: String, folder: String) {
        self.running = running
        self.console = console
        self.folder = folder
    }

    /// The address with the number instead of the name, and without the last slash.
    var address: String { "https://127.0.0.1:\(port)" }
    /// The port that it listens on.
    var port: Int { URL(string: console)?.port ?? 0 }

    /// The welcome link for the first administrator.
    func welcome() async throws -> String {
        try await running.line("welcome: ")
    }

    /// A browser that nobody has used yet.
    func browser() -> Browser {
        Browser(address: address, jar: "\(folder)/cookies-\(UUID().uuidString)")
    }

    /// Asks it to stop and returns its exit status.
    func stop(within limit: Duration = .seconds(20)) async throws -> Int32 {
        running.signal(SIGTERM)
        return try await running.end(within: limit)
    }
}

/// What a command printed for other programs.
enum JSON {
    /// The object that `finished` printed; fails unless it ended well.
    static func object(_ finished: Finished) throws -> [String: Any] {
        guard finished.status == 0,
            let object = try? JSONSerialization.jsonObject(with: Data(finished.output.utf8)) as? [String: Any]
        else { throw TestSupportError("exit \(finished.status): \(finished.words)") }
        return object
    }
}

/// Lets a few in at a time.
actor Gate {
    static let shared = Gate(places: 2)
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) {
        free = places
    }

    func enter() async {
        if free > 0 {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
