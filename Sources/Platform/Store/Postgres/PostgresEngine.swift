// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Kernel
import Synchronization

/// A store on a PostgreSQL server: a few lanes that take jobs from one queue.
final class PostgresEngine: StoreEngine {
    private let runner: PostgresRunner
    private let lanes: [PostgresLane]
    private let state: Mutex<State>

    private struct State {
        var waiting = JobQueue<PostgresWork>()
        /// The lanes without work; the one that worked last is first, so that few connections are made.
        var idle: [Int]
        var isClosed = false
    }

    /// An engine that has not connected yet.
    init(url: String, clock: any TimeSource, lanes count: Int) {
        let runner = PostgresRunner(url: url, clock: clock)
        self.runner = runner
        lanes = (0..<count).map { PostgresLane($0, runner) }
        state = Mutex(State(idle: Array((0..<count).reversed())))
    }

    /// Connects and runs an empty transaction, so that a wrong URL is known at the start.
    func probe() async throws {
        let _: Bool = try await withCheckedThrowingContinuation { continuation in
            read(PendingJob(continuation) { _ in true })
        }
    }

    func read(_ job: any StoreJob) {
        submit(PostgresWork(mode: .reading, job: job))
    }

    func write(_ job: any StoreJob) {
        submit(PostgresWork(mode: .writing, job: job))
    }

    private func submit(_ work: PostgresWork) {
        let (isClosed, lane) = state.withLock { state -> (Bool, Int?) in
            if state.isClosed { return (true, nil) }
            if let lane = state.idle.popLast() { return (false, lane) }
            state.waiting.append(work)
            return (false, nil)
        }
        if isClosed { work.job.finish(storeIsClosed) }
        guard let lane else { return }
        lanes[lane].queue.async { [self] in drain(lane, first: work) }
    }

    private func drain(_ lane: Int, first: PostgresWork) {
        var next: PostgresWork? = first
        while let work = next {
            lanes[lane].perform(work)
            next = state.withLock { state in
                let work = state.waiting.popFirst()
                if work == nil { state.idle.append(lane) }
                return work
            }
        }
    }

    func migrate(_ migrations: [Migration]) async throws {
        let migrator = try Migrator(migrations)
        if state.withLock(\.isClosed) { throw storeIsClosed }
        try await onOwnThread { [runner] in
            let connection = try runner.connect()
            // Others may migrate for long, and so may we.
            try connection.command("SET statement_timeout = 0")
            try connection.command("SELECT pg_advisory_lock(\(advisoryKey("store-migrations")))")
            var current: PostgresConnection? = connection
            try migrator.run(
                write: { body in
                    try runner.run(.writing, on: &current, body)
                    // The lock went with the connection: somebody else may be migrating now.
                    guard current === connection else {
                        throw Fault(.unavailable, "the connection broke during an upgrade; start it again")
                    }
                }, safeguard: { _ in })
        }
    }

    func tryLock(name: String) async throws -> StoreLock? {
        if state.withLock(\.isClosed) { throw storeIsClosed }
        return try await onOwnThread { [runner] in
            try AdvisoryLock.take(name, runner).map(StoreLock.init)
        }
    }

    func durabilitySettings() async throws -> [String: String] {
        if state.withLock(\.isClosed) { throw storeIsClosed }
        return try await onOwnThread { [runner] in
            let connection = try runner.connect()
            return try ["synchronous_commit", "fsync", "full_page_writes", "server_version"].reduce(into: [:]) {
                $0[$1] = try connection.setting($1)
            }
        }
    }

    func close() async {
        state.withLock { $0.isClosed = true }
        // A lane works until nothing waits; what is queued behind that comes last.
        for lane in lanes {
            await withCheckedContinuation { continuation in
                lane.queue.async {
                    lane.disconnect()
                    continuation.resume()
                }
            }
        }
    }
}
