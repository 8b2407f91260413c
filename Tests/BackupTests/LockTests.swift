// SPDX-License-Identifier: Apache-2.0

import Foundation
import ResticFormat
import TestSupport
import Testing

@testable import Backup

struct LockTests {
    private func lock(_ repository: Repository, exclusive: Bool) -> RepositoryLock {
        var lock = RepositoryLock(repository: repository, who: .current, isExclusive: exclusive)
        lock.settling = .milliseconds(1)
        return lock
    }

    private func with(_ work: (Repository) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            let place = LocalPlace(folder + "/repository")
            try await work(try await Repository.create(at: place, password: [1], who: .current))
        }
    }

    @Test
    func sharedLocksShareAndExclusiveOnesDoNot() async throws {
        try await with { repository in
            let (shared, alone) = (lock(repository, exclusive: false), lock(repository, exclusive: true))
            let (held, hindered) = try await shared.hold {
                let held = try await shared.hold { try await repository.place.list(.locks).count }
                do {
                    try await alone.hold {}
                    return (held, false)
                } catch is RepositoryError {
                    return (held, true)
                }
            }
            #expect(held == 2 && hindered)
            let refused = try await alone.hold {
                do {
                    try await shared.hold {}
                    return false
                } catch is RepositoryError {
                    return true
                }
            }
            #expect(refused)
            let left = try await repository.place.list(.locks)
            #expect(left.isEmpty)
        }
    }

    @Test
    func aLockOfADeadProcessHindersNobody() async throws {
        try await with { repository in
            let who = Whoami.current
            let dead = LockFile(
                time: LocalClock.now(), isExclusive: true, hostname: who.host, username: "u", process: 1 << 22 + 1,
                uid: 0,
                gid: 0)
            try await repository.save(dead.json(), .locks)
            try await lock(repository, exclusive: true).hold {}
            let cleared = try await RepositoryLock.clear(repository, who: who, all: false)
            #expect(cleared == 1)
        }
    }

    @Test
    func aLockIsMadeAnewWhileWorkGoesOn() async throws {
        try await with { repository in
            var lock = lock(repository, exclusive: false)
            lock.refreshed = .milliseconds(20)
            let held = lock
            // Held until a lock stands there that did not at first; a lock that stays the same ends in a test that hangs
            // no longer than a busy machine needs.
            let isAnew = try await held.hold {
                let first = try await repository.place.list(.locks).map(\.id)
                let deadline = ContinuousClock.now + .seconds(120)
                while ContinuousClock.now < deadline {
                    let now = try await repository.place.list(.locks).map(\.id)
                    if !now.isEmpty, !now.contains(where: first.contains) { return true }
                    try await Task.sleep(for: .milliseconds(20))
                }
                return false
            }
            #expect(isAnew)
            let left = try await repository.place.list(.locks)
            #expect(left.isEmpty)
        }
    }

    @Test
    func workEndsWhenTheLockCannotBeKept() async throws {
        try await with { repository in
            var lock = lock(repository, exclusive: false)
            (lock.refreshed, lock.abandoned) = (.milliseconds(50), .milliseconds(1))
            let held = lock
            await #expect(throws: RepositoryError.lockLost) {
                try await held.hold { try await Task.sleep(for: .seconds(60)) }
            }
            let left = try await repository.place.list(.locks)
            #expect(left.isEmpty)
        }
    }

    /// A backup whose lock is lost stores nothing more and makes no snapshot.
    @Test
    func aBackupWithoutItsLockEnds() async throws {
        try await TemporaryFolder.with { folder in
            let repository = try await Repository.create(
                at: LocalPlace(folder + "/repository"), password: [1], who: .current)
            let source = folder + "/source"
            try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: false)
            try Data([1, 2, 3]).write(to: URL(fileURLWithPath: source + "/file"))
            var lock = lock(repository, exclusive: false)
            lock.abandoned = .zero
            let held = lock
            let run = BackupRun(
                repository: repository, who: .current, source: FileSource(paths: [source]), programVersion: "")
            await #expect(throws: RepositoryError.lockLost) {
                _ = try await held.hold {
                    try? await Task.sleep(for: .seconds(60))
                    return try await run.run(BackupProgress())
                }
            }
            let (snapshots, packs) = (
                try await repository.place.list(.snapshots), try await repository.place.list(.data)
            )
            #expect(snapshots.isEmpty && packs.isEmpty)
        }
    }
}
