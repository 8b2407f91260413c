// SPDX-License-Identifier: Apache-2.0

import Glibc
import ResticFormat

/// Holds a lock in a repository while something is done there.
struct RepositoryLock: Sendable {
    let repository: Repository
    let who: Whoami
    let isExclusive: Bool
    /// How long a taker waits before it looks whether somebody else came at the same moment; nil for what the place asks.
    var settling: Duration?
    var refreshed = Duration.seconds(LockFile.refreshedEvery)
    var abandoned = Duration.seconds(LockFile.abandonedAfter)

    /// Does `work` under the lock; `lockLost` ends it when the lock could not be kept fresh.
    ///
    /// - Throws: `RepositoryError.locked`, `RepositoryError.lockLost`, and what `work` throws.
    func hold<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await hold(after: {}, work)
    }

    /// The same, when something has to be read before: that is begun while the lock is not sure yet, so it must not change
    /// anything in the repository.
    func hold<Prepared: Sendable, Value: Sendable>(
        after prepare: @escaping @Sendable () async throws -> Prepared,
        _ work: @escaping @Sendable (Prepared) async throws -> Value
    ) async throws -> Value {
        try await requireFree(besides: nil)
        let first = try await write()
        let holder = Holder(self, first)
        do {
            let value = try await withThrowingTaskGroup(of: Value?.self) { group in
                group.addTask {
                    async let prepared = prepare()
                    try await settle(besides: first)
                    return try await work(try await prepared)
                }
                group.addTask {
                    try await holder.keepFresh()
                    return nil
                }
                defer { group.cancelAll() }
                guard let value = try await group.next(), let value else { throw RepositoryError.lockLost }
                return value
            }
            await holder.release()
            return value
        } catch {
            await holder.release()
            throw error
        }
    }

    /// Waits until whoever came at the same moment can be seen, and gives way to them.
    private func settle(besides own: ObjectID) async throws {
        let settling = settling ?? repository.place.settling
        if settling > .zero { try await Task.sleep(for: settling) }
        try await requireFree(besides: own)
    }

    /// Writes a lock file of this moment.
    fileprivate func write() async throws -> ObjectID {
        let lock = LockFile(
            time: LocalClock.now(), isExclusive: isExclusive, hostname: who.host, username: who.user,
            process: Int(getpid()), uid: who.uid, gid: who.gid)
        return try await repository.save(lock.json(), .locks)
    }

    private func requireFree(besides own: ObjectID?) async throws {
        for (id, length) in try await repository.place.list(.locks) where id != own && length > 0 {
            // One that goes while we look is none; one that does not open hinders, because it may be anybody's.
            guard let json = try await repository.load(id, .locks) else { continue }
            let lock = try LockFile.parse(json)
            guard !lock.isStale(at: LocalClock.now(), on: who.host, isRunning: Self.isRunning) else { continue }
            if lock.hinders(exclusive: isExclusive) { throw RepositoryError.locked(lock) }
        }
    }

    /// Whether a process of this machine runs; one of another user's does too.
    static func isRunning(_ process: Int) -> Bool {
        guard let number = pid_t(exactly: process), number > 0 else { return false }
        return kill(number, 0) == 0 || errno == EPERM
    }

    /// Removes the locks of owners who are gone; with `all`, every lock.
    ///
    /// - Returns: how many were removed.
    static func clear(_ repository: Repository, who: Whoami, all: Bool) async throws -> Int {
        var count = 0
        for (id, _) in try await repository.place.list(.locks) {
            if !all {
                guard let json = try? await repository.load(id, .locks), let lock = try? LockFile.parse(json),
                    lock.isStale(at: LocalClock.now(), on: who.host, isRunning: isRunning)
                else { continue }
            }
            try await repository.place.remove(RepositoryFile(.locks, id))
            count += 1
        }
        return count
    }
}

/// The lock file of the moment.
private actor Holder {
    private let lock: RepositoryLock
    private var current: ObjectID

    init(_ lock: RepositoryLock, _ first: ObjectID) {
        (self.lock, current) = (lock, first)
    }

    /// Writes the lock anew again and again; returns when that failed for too long, throws when it is told to end.
    func keepFresh() async throws {
        let clock = SuspendingClock()
        var last = clock.now
        while clock.now - last < lock.abandoned {
            try await Task.sleep(for: lock.refreshed)
            // A machine that slept through the time of its lock must not go on as if it had it.
            guard clock.now - last < lock.abandoned else { return }
            guard let next = try? await lock.write() else { continue }
            let old = current
            current = next
            last = clock.now
            try? await lock.repository.place.remove(RepositoryFile(.locks, old))
        }
    }

    func release() async {
        // Also after a cancellation: a lock that stays hinders others for half an hour.
        await Task { [lock, current] in try? await lock.repository.place.remove(RepositoryFile(.locks, current)) }.value
    }
}
