// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// The store of one installation: transactions on SQLite or PostgreSQL behind one small SQL subset.
///
/// Closures are synchronous and run on threads of the store's own, so nothing can await inside a transaction and
/// nothing blocks the cooperative pool. What a closure gets must not be kept after it returns.
package final class Database: Sendable {
    /// Which engine is underneath, for the few statements that cannot be the same on both.
    package let dialect: StoreDialect
    /// Where it is. It may hold a password: never for people to see.
    package let location: StoreLocation
    private let engine: any StoreEngine

    private init(_ dialect: StoreDialect, at location: StoreLocation, _ engine: any StoreEngine) {
        self.dialect = dialect
        self.location = location
        self.engine = engine
    }

    /// Opens the store, making the SQLite file and its folder when they are missing; call ``migrate(_:)`` next.
    ///
    /// - Parameters:
    ///   - location: The file or the server.
    ///   - clock: Where transactions get their `now` from.
    ///   - connections: How many PostgreSQL connections at most; each has a thread.
    ///   - readers: How many SQLite readers run at a time.
    ///   - busyTimeout: How long SQLite waits for another process that is writing.
    ///   - largestSize: Bytes that the SQLite file may grow to; nil for what the disk holds.
    /// - Throws: `Fault` saying what to do: the folder cannot be written, lies on a network file system, the file
    ///   is damaged, the server cannot be reached, refused the role, or is older than 15.
    package static func open(
        _ location: StoreLocation, clock: any TimeSource, connections: Int = 8, readers: Int = 4,
        busyTimeout: Duration = .seconds(10), largestSize: Int64? = nil
    ) async throws -> Database {
        switch location {
        case .sqlite(let path):
            let limits = SQLiteLimits(readers: max(1, readers), busyTimeout: busyTimeout, largestSize: largestSize)
            let engine = try await onOwnThread { try SQLiteEngine(path: path, limits: limits, clock: clock) }
            return Database(.sqlite, at: location, engine)
        case .postgres(let url):
            let engine = PostgresEngine(url: url, clock: clock, lanes: max(1, connections))
            try await engine.probe()
            return Database(.postgres, at: location, engine)
        }
    }

    /// Runs `body` in a transaction that only reads, on one consistent state of the store.
    ///
    /// - Throws: What `body` throws, or `Fault` when the store cannot be read. On PostgreSQL `body` may run again
    ///   after a conflict or a lost connection.
    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any ReadTransaction) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            engine.read(PendingJob(continuation) { transaction in try body(transaction) })
        }
    }

    /// Runs `body` in a transaction; when this returns, what it wrote is on the disk.
    ///
    /// Throwing from `body` undoes what it wrote. A statement that failed fails the whole transaction, even when
    /// `body` catches the error. `body` may run more than once and must therefore change nothing but the store.
    ///
    /// - Parameter isCare: whether it is tried even after damage was found in the store, because somebody has to
    ///   sign in or to read a chart that is still readable. Everything else is refused then.
    /// - Throws: What `body` throws, or `Fault`: `storageFull`, `conflict` (a constraint, or too many others
    ///   changed the same rows), `unavailable`, `damaged`.
    @discardableResult
    package func write<Value: Sendable>(
        isCare: Bool = false, _ body: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            engine.write(PendingJob(continuation, isCare: isCare, body))
        }
    }

    /// Applies those of `migrations` that the store does not have yet, each in a transaction, in this order.
    ///
    /// The list must be complete: a migration in the store that is not in it was made by a newer program.
    /// - Throws: `Fault(.newerFormat)` then; the failure of a statement otherwise, and nothing of that migration
    ///   remains.
    package func migrate(_ migrations: [Migration]) async throws {
        try await engine.migrate(migrations)
    }

    /// Takes the lock called `name`, if nobody has it: no other process on this store gets it until it is released.
    ///
    /// On SQLite a `flock` on `<name>.lock` beside the database, on PostgreSQL an advisory lock on a connection of
    /// its own; both vanish with the process. Names are lower-case letters, digits and hyphens.
    package func tryLock(name: String) async throws -> StoreLock? {
        try await engine.tryLock(name: checkedLockName(name))
    }

    /// The settings of the engine that decide whether an answered write survives a power cut, by name, as it
    /// reports them: `synchronous` and `journal_mode`, or `synchronous_commit`, `fsync` and `full_page_writes`.
    package func durabilitySettings() async throws -> [String: String] {
        try await engine.durabilitySettings()
    }

    /// Answers what is queued, then closes all connections; everything afterwards fails with `unavailable`.
    package func close() async {
        await engine.close()
    }
}
