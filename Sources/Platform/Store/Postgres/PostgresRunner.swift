// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Kernel
import Synchronization

/// Runs transactions until they are through: again after a conflict, on a new connection after a broken one.
final class PostgresRunner: Sendable {
    private let url: String
    private let clock: any TimeSource
    private let catalog = StatementCatalog(.postgres)
    private let order = IdentifierOrder()
    /// Held by those who lost twice, so that they do not go on defeating each other.
    private let losers = Mutex(())
    /// Shared by all who write, and owned alone by those who lost so often that they may have no rivals here.
    private let writers = DispatchQueue(label: "salus.store.postgres.writers", attributes: .concurrent)

    /// How often a transaction runs at most.
    private static let attempts = 8

    init(url: String, clock: any TimeSource) {
        self.url = url
        self.clock = clock
    }

    /// Connects, three times when the server is not there yet. Blocks.
    func connect() throws(Fault) -> PostgresConnection {
        var pause: UInt32 = 100
        while true {
            do {
                return try PostgresConnection(url: url)
            } catch {
                let trouble = (error.cause as? PostgresError)?.trouble
                guard case .some(.lost) = trouble, pause < 1_000 else { throw error }
                wait(milliseconds: pause)
                pause *= 4
            }
        }
    }

    /// Runs `body` in a transaction on `connection`, which is made or replaced as needed. Blocks.
    func run(
        _ mode: TransactionMode, on connection: inout PostgresConnection?,
        _ body: (any Transaction) throws -> Void
    ) throws {
        var attempt = 1
        while true {
            let current = try connection ?? connect()
            connection = current
            switch once(attempt, mode, current, body) {
            case .done: return
            case .failed(let error):
                if !current.isAlive { connection = nil }
                throw error
            case .again(let trouble, let fault):
                if case .lost = trouble { connection = nil }
                guard attempt < Self.attempts else { throw fault }
                if case .conflict = trouble { wait(milliseconds: 1 << UInt32(min(attempt, 6))) }
            }
            attempt += 1
        }
    }

    private func once(
        _ attempt: Int, _ mode: TransactionMode, _ connection: PostgresConnection,
        _ body: (any Transaction) throws -> Void
    ) -> TransactionOutcome {
        func run() -> TransactionOutcome {
            connection.attempt(mode, catalog, order, clock, body)
        }
        switch (mode, attempt) {
        case (.reading, _): return run()
        case (.writing, ...2): return writers.sync { run() }
        case (.writing, ...5): return losers.withLock { _ in writers.sync { run() } }
        case (.writing, _): return writers.sync(flags: .barrier) { run() }
        }
    }

    /// Sleeps between half and one and a half of the time, so that rivals do not meet again.
    private func wait(milliseconds: UInt32) {
        usleep(milliseconds * UInt32.random(in: 500...1_500))
    }
}
