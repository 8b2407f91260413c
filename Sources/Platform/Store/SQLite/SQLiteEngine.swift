// SPDX-License-Identifier: Apache-2.0

import GRDB
import Glibc
import Kernel
import Synchronization

/// A store in one SQLite file: one writer that commits in groups, readers beside it (WAL).
///
/// Any number of processes on one machine may have the file open.
final class SQLiteEngine: StoreEngine {
    private let folder: DataFolder
    private let pool: DatabasePool
    private let clock: any TimeSource
    private let catalog = StatementCatalog(.sqlite)
    private let order = IdentifierOrder()
    private let writes = Mutex(Writes())
    private let found = Mutex<Fault?>(nil)

    private struct Writes {
        var waiting = JobQueue<any StoreJob>()
        /// Whether the writer's thread has been told to look at `waiting`.
        var isRunning = false
        var isClosed = false
    }

    /// How many callers share one commit at most.
    private static let batch = 512
    /// How many are enough to begin a commit at once, and how long it waits for them at most: about a commit.
    private static let company = 160
    private static let moment = Duration.microseconds(200)

    /// Opens or makes the file. Blocks.
    init(path: String, limits: SQLiteLimits, clock: any TimeSource) throws(Fault) {
        folder = try DataFolder(of: path)
        pool = try openPool(folder, limits)
        self.clock = clock
    }

    func read(_ job: any StoreJob) {
        if writes.withLock(\.isClosed) { return job.finish(storeIsClosed) }
        pool.asyncRead { [self] result in
            do {
                let transaction = transaction(try result.get())
                defer { noted(transaction) }
                try transaction.run(job.run)
                job.finish(nil)
            } catch {
                job.finish(noted(error))
            }
        }
    }

    func write(_ job: any StoreJob) {
        let (isClosed, starts) = writes.withLock { writes in
            if writes.isClosed { return (true, false) }
            writes.waiting.append(job)
            defer { writes.isRunning = true }
            return (false, !writes.isRunning)
        }
        if isClosed { job.finish(storeIsClosed) }
        if starts { commitNext() }
    }

    /// Commits everything that waits, on the writer's thread, and goes on until nothing does.
    private func commitNext() {
        pool.asyncWriteWithoutTransaction { [self] database in
            let jobs = writes.withLock { $0.waiting.popFirst(Self.batch) }
            GroupCommit(database: database, engine: self).run(jobs)
            gather(after: jobs.count)
            let goesOn = writes.withLock { writes in
                writes.isRunning = !writes.waiting.isEmpty
                return writes.isRunning
            }
            if goesOn { commitNext() }
        }
    }

    /// Waits a moment for as many writers as there were, so that they share a commit: those who were just answered
    /// come back one by one, and the first of them would have a commit of its own, which costs more than the moment.
    private func gather(after answered: Int) {
        let deadline = ContinuousClock.now.advanced(by: Self.moment)
        let count = min(writes.withLock(\.waiting.count) + answered, Self.company)
        while writes.withLock(\.waiting.count) < count, ContinuousClock.now < deadline { sched_yield() }
    }

    func migrate(_ migrations: [Migration]) async throws {
        let migrator = try Migrator(migrations)
        if writes.withLock(\.isClosed) { throw storeIsClosed }
        try await onOwnThread { [self] in
            try pool.writeWithoutTransaction { database in
                let commit = GroupCommit(database: database, engine: self)
                try migrator.run(write: commit.alone) { name in
                    try folder.copyDatabase(database, before: name)
                }
            }
        }
    }

    func tryLock(name: String) async throws -> StoreLock? {
        try await onOwnThread { [folder] in
            try FileLock.take(name, in: folder).map(StoreLock.init)
        }
    }

    func durabilitySettings() async throws -> [String: String] {
        if writes.withLock(\.isClosed) { throw storeIsClosed }
        return try await onOwnThread { [self] in
            do {
                return try pool.writeWithoutTransaction { database in
                    let names = ["synchronous", "journal_mode", "foreign_keys", "cell_size_check", "secure_delete"]
                    return try names.reduce(into: [:]) { settings, name in
                        settings[name] = try String.fetchOne(database, sql: "PRAGMA \(name)")
                    }
                }
            } catch {
                throw noted(error)
            }
        }
    }

    func close() async {
        writes.withLock { $0.isClosed = true }
        await onOwnThread { [self] in
            while writes.withLock(\.isRunning) { pool.writeWithoutTransaction { _ in } }
            // Fails only when it is closed already.
            try? pool.close()
        }
    }
}

extension SQLiteEngine {
    /// What makes the store refuse writes: the damage that was found first.
    var damage: Fault? {
        found.withLock { $0 }
    }

    /// A transaction on `database`, which has begun one.
    func transaction(_ database: GRDB.Database) -> GuardedTransaction {
        GuardedTransaction(SQLiteSession(database, folder), catalog, order, clock: clock)
    }

    /// The damage that a statement of `transaction` came upon; remembered.
    @discardableResult
    func noted(_ transaction: GuardedTransaction) -> Fault? {
        guard let failure = transaction.failure, failure.code == .damaged else { return nil }
        found.withLock { $0 = $0 ?? failure }
        return failure
    }

    /// `error` for the caller: SQLite's own as a fault, damage remembered; what a closure threw unchanged.
    func noted(_ error: any Error) -> any Error {
        guard error is DatabaseError else { return error }
        let fault = folder.fault(error)
        if fault.code == .damaged { found.withLock { $0 = $0 ?? fault } }
        return fault
    }
}
