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

/// Restores that prove themselves.
struct DrillTests {
    @Test func whatCameBackIsComparedWithTheSource() async throws {
        try await BackupHouse.with { house in
            for number in 0..<20 { try house.write("file\(number)", "text \(number)") }
            let (near, far) = (try await house.repository("near"), try await house.repository("far", site: "Bank"))
            let job = try await house.job(to: [near, far])
            _ = try await house.run(job)
            house.clock.advance(by: .hours(5))
            let drill = try await house.drill(job)
            #expect(drill.verdict == .passed)
            #expect(drill.repository == far.id, "the copy that is farthest away")
            #expect(drill.compared == 20 && drill.matching == 20 && drill.bound == 0)
            #expect(drill.lostTime == .hours(5))
            #expect(drill.recoveryTime != nil && drill.detail.isWhole)
            let told = try await house.leaves(BackupFacts.drilled)
            #expect(told.map { $0.data["verdict"]?.stringValue } == ["passed"])
            #expect(told[0].data["rpo"]?.integerValue == 18_000_000)
            // Nothing of it is left.
            let left = try FileManager.default.contentsOfDirectory(atPath: house.folder + "/scratch")
            #expect(left.isEmpty)
            #expect(try await RestoreProven.read(house.house, house.key)?.fulfilling == 1)
        }
    }

    @Test func aDamagedFileFailsTheDrillAndTurnsThePosture() async throws {
        try await BackupHouse.with { house in
            for number in 0..<20 { try house.write("file\(number)", "text \(number)") }
            let near = try await house.repository("near")
            let job = try await house.job(to: [near])
            _ = try await house.run(job)
            try await Self.damage("file7", in: near, house)
            let drill = try await house.drill(job)
            #expect(drill.verdict == .failed)
            #expect(drill.compared == 20 && drill.matching == 19 && drill.bound == 50_000)
            #expect(drill.detail.errors.contains { $0.contains("file7") })
            let reading = try #require(try await RestoreProven.read(house.house, house.key))
            #expect(PostureState.of(RestoreProven.measure, reading, now: house.clock.now()) == .notMet)
            // The log does not name the file.
            let told = try await house.leaves(BackupFacts.drilled)
            #expect(!String(decoding: try told[0].data.encode(), as: UTF8.self).contains("file7"))
        }
    }

    @Test func aRepositoryThatLiesAboutItsOwnHashesIsFoundOut() async throws {
        try await BackupHouse.with { house in
            try house.write("dose.txt", "5 mg")
            let near = try await house.repository("near")
            let job = try await house.job(to: [near])
            let original = try #require(try await house.run(job)[0].snapshot)
            // Somebody with the key writes another snapshot in which all hashes are right and the dose is not.
            try house.write("dose.txt", "50 mg")
            let opened = try await RepositoryDesk(house.house).open(near)
            let run = BackupRun(
                repository: opened, who: .current, source: FileSource(paths: [house.source]), programVersion: "test")
            let forged = try await BlockingThreads.two.run { try await run.run(BackupProgress()).snapshot }
            try await house.house.store.write { tx in
                try tx.execute(
                    "UPDATE backup_snapshots SET snapshot = ? WHERE snapshot = ?",
                    [.bytes(forged.bytes), .bytes(original.bytes)])
            }
            let drill = try await house.drill(job)
            #expect(drill.verdict == .failed && drill.matching == 0 && drill.compared == 1)
        }
    }

    @Test func whatCannotBeComparedIsNotProven() async throws {
        try await BackupHouse.with { house in
            try house.write("note.txt", "text")
            let job = try await house.job(to: [try await house.repository("near")])
            _ = try await house.run(job)
            try await house.house.store.write { tx in _ = try tx.execute("UPDATE backup_runs SET hashes = NULL") }
            #expect(try await house.drill(job).verdict == .failed)
        }
    }

    @Test func aCopyThatNeverCameFailsTheDrill() async throws {
        try await BackupHouse.with { house in
            try house.write("note.txt", "text")
            let (near, far) = (try await house.repository("near"), try await house.repository("far", site: "Bank"))
            let job = try await house.job(to: [near, far])
            try FileManager.default.moveItem(atPath: "\(house.folder)/far", toPath: "\(house.folder)/away")
            _ = try await house.run(job)
            let drill = try await house.drill(job)
            #expect(drill.repository == near.id && drill.verdict == .failed)
        }
    }

    @Test func whatAKilledDrillLeftIsTakenAway() async throws {
        try await TemporaryFolder.with { folder in
            let parent = folder + "/drills"
            let used = try ScratchFolder(in: parent)
            let left = parent + "/salus-drill-17"
            try FileManager.default.createDirectory(atPath: left + "/root", withIntermediateDirectories: true)
            let other = try ScratchFolder(in: parent)
            #expect(!FileManager.default.fileExists(atPath: left))
            #expect(FileManager.default.fileExists(atPath: used.path), "somebody is at work there")
            used.remove()
            other.remove()
            try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: parent)
            #expect(throws: Fault.self) { _ = try ScratchFolder(in: parent) }
        }
    }

    @Test func withoutASnapshotThereIsNoDrill() async throws {
        try await BackupHouse.with { house in
            let job = try await house.job(to: [try await house.repository("near")])
            await #expect(throws: Fault.self) { _ = try await house.drill(job) }
            #expect(try await RestoreProven.read(house.house, house.key)?.unmeasured == 1)
        }
    }

    @Test func onlyTheSampleIsRestoredWhereThereIsNoRoom() async throws {
        try await BackupHouse.with { house in
            try house.write("note.txt", "text")
            let job = try await house.job(to: [try await house.repository("near")])
            _ = try await house.run(job)
            try house.write("later.txt", "not in the sample of the first run")
            let drill = try await house.drill(job, DrillDesk.Order(onlySample: true))
            #expect(drill.verdict == .passed && !drill.detail.isWhole && drill.files == 1)
        }
    }

    /// With files damaged at a known rate, the bound holds in at least 95 of 100 samples.
    @Test func theStatedBoundHoldsAtKnownRates() async throws {
        try await TemporaryFolder.with { folder in
            let source = folder + "/source"
            try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: true)
            for number in 0..<400 {
                try Data("patient file \(number)".utf8).write(to: URL(fileURLWithPath: "\(source)/f\(number)"))
            }
            let repository = try await Repository.create(
                at: LocalPlace(folder + "/repository"), password: Array("p".utf8), who: .current)
            var run = BackupRun(
                repository: repository, who: .current, source: FileSource(paths: [source]), programVersion: "test")
            let first = run
            let snapshot = try await BlockingThreads.two.run { try await first.run(BackupProgress()).snapshot }
            // The hashes of 60 samples, each of 60 files that chance chose.
            var samples: [FileSample] = []
            for seed in UInt8(0)..<60 {
                let sampler = FileSampler(key: Array(repeating: seed, count: 32), size: 60)
                (run.sampler, run.readsAll) = (sampler, false)
                let ready = run
                _ = try await BlockingThreads.two.run { try await ready.run(BackupProgress()) }
                samples.append(sampler.sample)
            }
            #expect(samples.allSatisfy { $0.files.count == 60 && $0.population == 400 })
            #expect(Set(samples.flatMap(\.files).map(\.path)).count > 390, "every file is chosen by some sample")
            for damaged in [8, 40] {
                // One file in fifty, then one in ten.
                for number in 0..<damaged {
                    try await DrillTests.damageBlob("patient file \(number)", in: repository, folder + "/repository")
                }
                let root = "\(folder)/restored\(damaged)"
                let (index, _) = try await LoadedIndex.load(repository)
                let list = try await SnapshotList.load(repository)
                let tree = try #require(list.snapshots.first { $0.id == snapshot }?.snapshot.tree)
                let restorer = Restorer(
                    blobs: BlobReader(repository: repository, index: index), target: root,
                    selection: RestoreSelection(), verifies: false, isDryRun: false, progress: RestoreProgress())
                try await BlockingThreads.two.run { try await restorer.restore(tree) }
                let truth = Double(damaged) / 400
                let held = try samples.count { sample in
                    let comparison = try SampleComparison(sample, below: root)
                    let bound = try #require(
                        LossBound.share(lost: comparison.lost, of: comparison.matching + comparison.lost, in: 400))
                    return bound >= truth
                }
                #expect(held >= 57, "\(held) of 60 samples gave a bound that holds at \(truth)")
            }
        }
    }

    /// Damages the only part of a file in a repository.
    private static func damage(_ name: String, in repository: StoredRepository, _ house: BackupHouse) async throws {
        let content = try Data(contentsOf: URL(fileURLWithPath: "\(house.source)/\(name)"))
        let opened = try await RepositoryDesk(house.house).open(repository)
        try await damageBlob(String(decoding: content, as: UTF8.self), in: opened, repository.address)
    }

    private static func damageBlob(_ content: String, in repository: Repository, _ folder: String) async throws {
        let (index, _) = try await LoadedIndex.load(repository)
        let handle = BlobHandle(.data, ObjectID(hashing: Array(content.utf8)))
        let place = try #require(index.places(handle).first)
        let pack = place.pack.hex
        let path = "\(folder)/data/\(pack.prefix(2))/\(pack)"
        let bytes = try #require(FileManager.default.contents(atPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        var changed = bytes
        // Always to zeros: damaging it again leaves it damaged.
        let start = changed.startIndex + Int(place.blob.offset)
        changed.replaceSubrange(start..<start + 16, with: Data(count: 16))
        try changed.write(to: URL(fileURLWithPath: path))
    }
}
