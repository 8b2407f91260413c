// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Foundation
import Kernel
import Ledger
import ResticFormat
import Store
import TestSupport
import Testing

@testable import Backup

/// Jobs: what runs when, what happens when it fails, and what the log is told.
struct JobTests {
    @Test(arguments: StoreDialect.allCases)
    func aJobMakesASnapshotAndItsCopiesAndTellsTheLog(_ dialect: StoreDialect) async throws {
        try await BackupHouse.with(dialect) { house in
            try house.write("note.txt", "See Mara on Monday.")
            let (near, far) = (try await house.repository("near"), try await house.repository("far", site: "Bank"))
            let job = try await house.job(to: [near, far])
            let records = try await house.run(job)
            #expect(records.map(\.outcome) == [.done, .done])
            #expect(records[0].counts.files == 1 && records[0].counts.bytes == 19)

            let ran = try await house.leaves(BackupFacts.ran)
            #expect(ran.count == 1)
            #expect(ran[0].data["snapshot"]?.stringValue == records[0].snapshot?.hex)
            #expect(ran[0].data["hashes"]?.integerValue == 1)
            let copied = try await house.leaves(BackupFacts.copied)
            #expect(copied.map { $0.data["snapshot"]?.stringValue } == [records[1].snapshot?.hex])
            // Neither the file's name nor its folder is in the log.
            #expect(!String(decoding: try ran[0].data.encode(), as: UTF8.self).contains("note"))

            let kept = try await house.house.store.read { tx in try tx.backupSnapshots(of: job.id, limit: 10) }
            #expect(Set(kept.map(\.repository)) == [near.id, far.id])
            #expect(kept.allSatisfy { $0.run == records[0].id })
        }
    }

    @Test func whatIsDueRunsOnceAndIsDueAgain() async throws {
        try await BackupHouse.with { house in
            try house.write("note.txt", "text")
            let job = try await house.job(to: [try await house.repository("near")])
            let round = JobRound(house: house.house, key: house.key)
            try await round.runDue()
            var runs = try await house.runs(job)
            #expect(runs.isEmpty)

            // Two nights were missed: the machine was off. They are made up for by one run.
            house.clock.advance(by: .days(3))
            try await round.runDue()
            try await round.runDue()
            runs = try await house.runs(job)
            #expect(runs.map(\.outcome) == [.done])
            let due = try #require(try await house.job(job.id).due)
            #expect(due > house.clock.now() && due.since(house.clock.now()) <= .hours(24))
        }
    }

    @Test func whatFailedIsTriedAgainLaterAndLater() async throws {
        try await BackupHouse.with { house in
            try house.write("note.txt", "text")
            let near = try await house.repository("near")
            let job = try await house.job(to: [near], "monthly 1 03:00")
            try FileManager.default.moveItem(atPath: "\(house.folder)/near", toPath: "\(house.folder)/away")
            let round = JobRound(house: house.house, key: house.key)
            house.clock.advance(by: .days(32))
            for wait in [Duration.minutes(10), .minutes(20), .minutes(40)] {
                try await round.runDue()
                let due = try #require(try await house.job(job.id).due)
                #expect(due.since(house.clock.now()) == wait)
                house.clock.advance(by: wait)
            }
            try await round.runDue()
            // After that it waits for its turn.
            let due = try #require(try await house.job(job.id).due)
            #expect(due.since(house.clock.now()) > .days(10))
            let runs = try await house.runs(job)
            #expect(runs.map(\.outcome) == Array(repeating: .failed, count: 4))
            #expect(runs[0].reason?.contains("no repository") ?? false)
            let told = try await house.leaves(BackupFacts.ran)
            #expect(told.allSatisfy { $0.data["outcome"]?.stringValue == "failed" } && told.count == 4)
        }
    }

    @Test func aJobThatCannotBeginKeepsNoOtherWaiting() async throws {
        try await BackupHouse.with { house in
            try house.write("note.txt", "text")
            let near = try await house.repository("near")
            let broken = try await house.job("A broken one", to: [near])
            let good = try await house.job("Good", to: [near])
            try await house.house.store.write { tx in
                try tx.execute(
                    "UPDATE backup_jobs SET plan = ? WHERE id = ?", [.bytes([1, 2]), .bytes(broken.id.bytes)])
            }
            house.clock.advance(by: .days(1))
            await #expect(throws: Fault.self) {
                try await JobRound(house: house.house, key: house.key).runDue()
            }
            #expect(try await house.runs(good).map(\.outcome) == [.done])
            let due = try #require(try await house.job(broken.id).due)
            #expect(due > house.clock.now())
        }
    }

    @Test func onlyOneProcessIsAtAJob() async throws {
        try await BackupHouse.with { house in
            try house.write("note.txt", "text")
            let job = try await house.job(to: [try await house.repository("near")])
            let claim = try await house.house.store.write { tx in try tx.claim(job.id) }
            #expect(claim != nil)
            house.clock.advance(by: .seconds(60))
            await #expect(throws: Fault.self) { _ = try await house.run(job) }
            let again = try await house.house.store.write { tx in try tx.claim(job.id, renewing: claim) }
            #expect(again != nil)
            // Whoever was at it is gone: its claim ends, and its run is told to have been interrupted.
            house.clock.advance(by: .minutes(4))
            let records = try await house.run(job)
            #expect(records.map(\.outcome) == [.done])
        }
    }

    @Test func aRunThatNobodyEndedIsInterrupted() async throws {
        try await BackupHouse.with { house in
            try house.write("note.txt", "text")
            let near = try await house.repository("near")
            let job = try await house.job(to: [near])
            let left = try await house.house.store.write { tx in
                let run = RunRecord(id: tx.orderedIdentifier(), job: job.id, repository: near.id, started: tx.now)
                try tx.insert(run)
                return run
            }
            house.clock.advance(by: .days(1))
            try await JobRound(house: house.house, key: house.key).runDue()
            let runs = try await house.runs(job)
            #expect(runs.map(\.outcome) == [.done, .interrupted])
            let told = try await house.leaves(BackupFacts.ran)
            #expect(told.contains { $0.data["run"]?.stringValue == left.id.description })
        }
    }

    /// Closing a file of a database takes away the locks that this process has on it, and others would write where it reads.
    @Test func aJobDoesNotOpenTheFilesOfItsOwnStore() async throws {
        try await BackupHouse.with { house in
            let store = "\(house.folder)/store"
            try Data("here".utf8).write(to: URL(fileURLWithPath: "\(store)/beside.txt"))
            let order = JobDesk.Order(
                name: try #require(BackupName("All")), source: .files(paths: [store], excludes: []),
                repositories: [try await house.repository("near")],
                schedule: try #require(BackupSchedule("daily 02:30")),
                jitter: 0, drills: try #require(BackupSchedule("weekly sun 05:00")))
            let job = try await JobDesk(house.house).add(order, by: .system)
            // It stays open until this process ends: closing it would do the very harm.
            let file = unsafe open("\(store)/salus.sqlite-shm", O_RDWR | O_CLOEXEC)
            #expect(file >= 0)
            let before = try Self.isLocked(file)
            let records = try await house.run(job)
            let after = try Self.isLocked(file)
            #expect(records.map(\.outcome) == [.done])
            #expect(before && after)
            #expect(records[0].counts.files >= 1)
        }
    }

    /// Whether this process has a lock on an open file. It is asked as a stranger is: the answer names what is in his way.
    private static func isLocked(_ file: Int32) throws -> Bool {
        var lock = flock()
        (lock.l_type, lock.l_whence) = (Int16(F_WRLCK), Int16(SEEK_SET))
        // F_OFD_GETLK of fcntl(2), which Swift does not name.
        guard unsafe fcntl(file, 36, &lock) == 0 else { throw SystemError("ask for a lock") }
        return lock.l_type != Int16(F_UNLCK)
    }

    @Test func aProgramBeforeStopsTheBackupByFailing() async throws {
        try await BackupHouse.with { house in
            try house.write("note.txt", "text")
            let near = try await house.repository("near")
            let trace = "\(house.folder)/trace"
            let job = try await house.job(
                to: [near], before: ["/bin/sh", "-c", "echo not now >&2; exit 7"], after: ["/usr/bin/touch", trace])
            let records = try await house.run(job)
            #expect(records.map(\.outcome) == [.failed])
            #expect(records[0].reason?.contains("status 7") ?? false)
            #expect(records[0].reason?.contains("not now") ?? false)
            // What runs afterwards runs in any case: it may have to thaw what was frozen.
            #expect(FileManager.default.fileExists(atPath: trace))
        }
    }

    @Test func aSnapshotThatDisappearsIsNoticedFromTheLog() async throws {
        try await BackupHouse.with { house in
            try house.write("note.txt", "text")
            let near = try await house.repository("near")
            let job = try await house.job(to: [near])
            let snapshot = try #require(try await house.run(job)[0].snapshot)
            let round = RepositoryRound(house: house.house, key: house.key)
            try await round.look()
            #expect(try await house.leaves(BackupFacts.snapshotGone).isEmpty)
            #expect(try await CopiesFresh.read(house.house)?.fulfilling == 1)

            // Whoever deletes the file deletes the row that knows of it too; the log still does.
            try FileManager.default.removeItem(atPath: "\(house.folder)/near/snapshots/\(snapshot.hex)")
            try await house.house.store.write { tx in _ = try tx.execute("DELETE FROM backup_snapshots") }
            try await round.look()
            try await round.look()
            let told = try await house.leaves(BackupFacts.snapshotGone)
            #expect(told.map { $0.data["snapshot"]?.stringValue } == [snapshot.hex])
            let kept = try await house.house.store.read { tx in try tx.backupSnapshots(of: job.id, limit: 10) }
            #expect(kept.count == 1 && kept[0].gone != nil)
            #expect(try await CopiesFresh.read(house.house)?.fulfilling == 0)
        }
    }

    @Test func whatIsForgottenOnPurposeDidNotDisappear() async throws {
        try await BackupHouse.with { house in
            let near = try await house.repository("near")
            let job = try await house.job(to: [near])
            var names: [ObjectID] = []
            for number in 0..<3 {
                try house.write("note.txt", "text \(number)")
                names.append(try #require(try await house.run(job)[0].snapshot))
            }
            let forgetting = Forgetting(house: house.house, repository: near, actor: .system)
            var policy = RetentionPolicy()
            await #expect(throws: ForgetError.self) {
                _ = try await forgetting.forget(policy, freeing: nil, steps: Steps())
            }
            policy.counts[.last] = .last(1)
            let (chosen, options) = (policy, PruneOptions())
            let plan = try await BlockingThreads.two.run {
                try await forgetting.forget(chosen, freeing: options, steps: Steps())
            }
            #expect(Set(plan.removed.map(\.id)) == Set(names.prefix(2)))
            try await RepositoryRound(house: house.house, key: house.key).look()
            #expect(try await house.leaves(BackupFacts.snapshotGone).isEmpty)
            let left = try await house.house.store.read { tx in try tx.backupSnapshots(of: job.id, limit: 10) }
            #expect(left.map(\.snapshot) == [names[2]] && left[0].gone == nil)
            #expect(try await house.drill(job).verdict == .passed)
        }
    }

    @Test func whoeverDeletedASnapshotCanSaySo() async throws {
        try await BackupHouse.with { house in
            try house.write("note.txt", "text")
            let near = try await house.repository("near")
            let job = try await house.job(to: [near])
            let snapshot = try #require(try await house.run(job)[0].snapshot)
            try FileManager.default.removeItem(atPath: "\(house.folder)/near/snapshots/\(snapshot.hex)")
            let round = RepositoryRound(house: house.house, key: house.key)
            try await round.look()
            let forgetting = Forgetting(house: house.house, repository: near, actor: .operator(uid: 7))
            #expect(try await forgetting.acknowledge() == 1)
            try await round.look()
            #expect(try await house.house.store.read { tx in try tx.backupSnapshots(of: job.id, limit: 10) }.isEmpty)
            let told = try await house.leaves(BackupFacts.forgotten)
            #expect(told.map(\.actor.id) == ["7"])
        }
    }

    @Test func aSourceThatIsGoneIsNoBackup() async throws {
        try await BackupHouse.with { house in
            try house.write("note.txt", "text")
            let job = try await house.job(to: [try await house.repository("near")])
            _ = try await house.run(job)
            #expect(try await CopiesFresh.read(house.house)?.fulfilling == 1)
            house.clock.advance(by: .hours(49))
            // The disk is not mounted: the folder is there, and nothing in it.
            try FileManager.default.removeItem(atPath: house.source + "/note.txt")
            let empty = try await house.run(job)
            #expect(empty.map(\.outcome) == [.partial] && empty[0].reason?.contains("not mounted") ?? false)
            #expect(try await CopiesFresh.read(house.house)?.fulfilling == 0)
            try FileManager.default.removeItem(atPath: house.source)
            #expect(try await house.run(job).map(\.outcome) == [.failed])
            #expect(try await CopiesFresh.read(house.house)?.fulfilling == 0)
        }
    }

    @Test func aRepositoryThatIsDeletedAsAWholeIsMissed() async throws {
        try await BackupHouse.with { house in
            try house.write("note.txt", "text")
            let near = try await house.repository("near")
            let job = try await house.job(to: [near])
            _ = try await house.run(job)
            try FileManager.default.removeItem(atPath: "\(house.folder)/near")
            await #expect(throws: RepositoryRound.Trouble.self) {
                try await RepositoryRound(house: house.house, key: house.key).look()
            }
            #expect(try await house.leaves(BackupFacts.snapshotGone).count == 1)
            #expect(try await CopiesFresh.read(house.house)?.fulfilling == 0)
            let known = try await RepositoryDesk(house.house).all()
            #expect(known[0].trouble?.contains("no repository") ?? false)
        }
    }

    @Test func oneRepositoryIsNotTwoCopies() async throws {
        try await BackupHouse.with { house in
            _ = try await house.repository("near")
            try FileManager.default.createSymbolicLink(
                atPath: "\(house.folder)/other", withDestinationPath: "\(house.folder)/near")
            await #expect(throws: Fault.self) { _ = try await house.repository("other", site: "Bank") }
        }
    }

    @Test func aClockThatWasWrongMakesNothingGreen() async throws {
        try await BackupHouse.with { house in
            try house.write("note.txt", "text")
            let near = try await house.repository("near")
            let job = try await house.job(to: [near])
            let today = house.clock.now()
            house.clock.advance(by: .days(3_650))
            try await JobRound(house: house.house, key: house.key).runDue()
            _ = try await house.drill(job)
            house.clock.set(today.advanced(by: .days(2)))
            #expect(try await CopiesFresh.read(house.house)?.fulfilling == 0)
            #expect(try await RestoreProven.read(house.house, house.key)?.fulfilling == 0)
            // What was due in ten years is due by the schedule again.
            try await JobRound(house: house.house, key: house.key).runDue()
            let due = try #require(try await house.job(job.id).due)
            #expect(due.since(house.clock.now()) <= .days(1))
        }
    }

    @Test func whatIsInAnAddressLiesSealedToo() async throws {
        var connection = PlaceConnection()
        let address = connection.takingCredentials(from: "rest:https://grace:secret@backup.example/clinic/")
        #expect(address == "rest:https://backup.example/clinic/")
        #expect(connection.restUser == "grace" && connection.restPassword == "secret")
    }

    @Test func whyARunFailedLiesSealed() async throws {
        try await BackupHouse.with { house in
            try house.write("note.txt", "text")
            let job = try await house.job(
                to: [try await house.repository("near")], before: ["/bin/sh", "-c", "echo Mara Muster >&2; exit 1"])
            let records = try await house.run(job)
            #expect(records[0].reason?.contains("Mara Muster") ?? false)
            let raw = try await house.house.store.read { tx in
                try tx.row("SELECT reason FROM backup_runs", [])?.bytes(0)
            }
            #expect(!String(decoding: try #require(raw), as: UTF8.self).contains("Mara"))
        }
    }

    @Test func aProgramThatSaysNothingMoreIsWaitedFor() async throws {
        try await Hook.run(["/bin/sh", "-c", "exec 2>/dev/null; sleep 1; exit 0"], "before")
        await #expect(throws: Fault.self) {
            try await Hook.run(["/bin/sh", "-c", "exec 2>/dev/null; sleep 1; exit 3"], "before")
        }
    }

    @Test func whatOpensARepositoryLiesSealedInTheStore() async throws {
        try await BackupHouse.with { house in
            let near = try await house.repository("near")
            let raw = try await house.house.store.read { tx in
                try tx.row("SELECT secrets FROM backup_repositories WHERE id = ?", [.bytes(near.id.bytes)])?.bytes(0)
            }
            let text = String(decoding: try #require(raw), as: UTF8.self)
            #expect(!text.contains("a password"))
            let secrets = try await RepositoryDesk(house.house).secrets(of: near)
            #expect(secrets.password == Array("a password".utf8))
        }
    }

    @Test func twoProgramsCheckARepository() async throws {
        try await BackupHouse.with { house in
            try house.write("note.txt", "text")
            let near = try await house.repository("near")
            let job = try await house.job(to: [near])
            _ = try await house.run(job)
            let examination = Examination(house: house.house, repository: near)
            let good = try await BlockingThreads.two.run { try await examination.run(readsData: true, by: .system) }
            #expect(good.isClean && good.errors == 0 && good.snapshots == 1)

            let packs = try FileManager.default.subpathsOfDirectory(atPath: "\(house.folder)/near/data")
            let pack = "\(house.folder)/near/data/" + (try #require(packs.first { $0.utf8.count > 60 }))
            try Damage.flip(pack, at: 20)
            let bad = try await BlockingThreads.two.run { try await examination.run(readsData: true, by: .system) }
            #expect(bad.errors > 0 && !bad.isClean)
            if bad.peer != nil { #expect(bad.verdict == .failed) }
            let told = try await house.leaves(BackupFacts.checked)
            #expect(told.map { $0.data["errors"]?.integerValue == 0 } == [false, true])
        }
    }
}

extension BackupHouse {
    /// The runs of a job, newest first.
    func runs(_ job: BackupJob) async throws -> [RunRecord] {
        try await house.store.read { [key] tx in try tx.backupRuns(of: job.id, limit: 100, key) }
    }
}

/// Damages files as disks do.
enum Damage {
    /// Flips a bit of a file, whatever its mode is.
    static func flip(_ path: String, at offset: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        defer { try? file.close() }
        try file.seek(toOffset: UInt64(offset))
        let byte = try #require(try file.read(upToCount: 1)?.first)
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: Data([byte ^ 1]))
    }
}
