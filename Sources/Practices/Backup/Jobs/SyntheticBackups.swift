// SPDX-License-Identifier: Apache-2.0

package import Building
import Foundation
package import Kernel
import Keyring
import Ledger
import ResticFormat
import Store

/// Tells an invented past of this practice, at the time that the clock of the house tells: the rows and leaves are those of
/// real runs, drills and checks. The newest snapshots are real ones, of a small folder of the demonstration, in two real
/// repositories beside it, so that whoever looks into them finds files. Only for a store that was made for the synthetic
/// clinic.
package struct SyntheticBackups: Sendable {
    private let house: House
    private let key: OpenKey
    private let folder: String
    private let repositories: [StoredRepository]
    private let opened: [Repository]
    private let jobs: [BackupJob]
    private let plans: [JobPlan]

    /// Sets up what is backed up below `folder`, the repositories and the jobs.
    ///
    /// - Parameters:
    ///   - folder: an absolute path; made when it is missing.
    ///   - places: the names and sites of the repositories. The first job goes to all, the others to the first.
    ///   - names: the names of the jobs.
    /// - Throws: `Fault.refused` in a store that was made for real patients, and what the disk throws.
    package init(
        _ house: House, in folder: String, places: [(name: String, site: String)], jobs names: [String],
        by actor: EntityReference
    ) async throws {
        try await house.store.read { tx in try HouseRegister.demandSynthetic(tx) }
        (self.house, self.folder) = (house, folder)
        key = try await house.keyring.sharedKey(owner: "backup")
        let (desk, jobDesk) = (try await RepositoryDesk(house), try await JobDesk(house))
        var (stored, opened): ([StoredRepository], [Repository]) = ([], [])
        for place in places {
            guard let name = BackupName(place.name) else { throw Self.unfit }
            let path = "\(folder)/repositories/\(place.name.lowercased())"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let added = try await desk.add(
                name, at: path, site: place.site, password: nil, PlaceConnection(), by: actor)
            stored.append(added.repository)
            opened.append(added.opened)
        }
        var (jobs, plans): ([BackupJob], [JobPlan]) = ([], [])
        for (number, text) in names.enumerated() {
            guard let name = BackupName(text), let nightly = BackupSchedule("daily 02:\(30 + number * 20)"),
                let monthly = BackupSchedule("monthly \(number + 3) 10:10")
            else { throw Self.unfit }
            let source = JobSource.files(paths: [Self.source(folder, text)], excludes: [])
            let order = JobDesk.Order(
                name: name, source: source, repositories: number == 0 ? stored : Array(stored.prefix(1)),
                schedule: nightly, jitter: 0, drills: monthly)
            jobs.append(try await jobDesk.add(order, by: actor))
            plans.append(try await jobDesk.plan(of: jobs[number]))
        }
        (repositories, self.opened, self.jobs, self.plans) = (stored, opened, jobs, plans)
    }

    static let unfit = Fault(.internal, "The demonstration tells something that this practice does not know.")

    /// Where the files of a job lie.
    private static func source(_ folder: String, _ job: String) -> String {
        "\(folder)/files/\(job.lowercased().replacing(" ", with: "-"))"
    }

    /// Writes a file that a job backs up.
    package func write(_ name: String, _ text: String, for job: Int) throws {
        let parent = Self.source(folder, jobs[job].name)
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(parent)/\(name)"))
    }
}

extension SyntheticBackups {
    /// What came of a run.
    package struct Night: Sendable {
        let counts: RunRecord.Counts
        let length: Duration
        let failure: String?

        /// - Parameter failure: why it failed, in words for people; nil where it did not.
        package init(files: Int64, bytes: Int64, added: Int64, unread: Int64, length: Duration, failure: String?) {
            counts = .init(files: files, bytes: bytes, added: added, unread: unread)
            (self.length, self.failure) = (length, failure)
        }
    }

    /// Tells of a run and its copies, whose snapshots are gone by now.
    package func run(_ number: Int, _ night: Night) async throws {
        let job = jobs[number]
        guard let first = job.repositories.first else { return }
        var record = try await begin(job, in: first)
        record.ended = record.started.advanced(by: night.length)
        if let failure = night.failure {
            (record.outcome, record.reason) = (.failed, failure)
            return try await finish(record, of: job)
        }
        record.counts = night.counts
        record.snapshot = ObjectID(Self.noise())
        record.outcome = night.counts.unread > 0 ? .partial : .done
        try await finish(record, of: job)
        for copy in job.repositories.dropFirst() {
            var other = try await begin(job, in: copy)
            other.ended = other.started.advanced(by: night.length)
            (other.outcome, other.snapshot) = (.done, ObjectID(Self.noise()))
            (other.counts.files, other.counts.bytes) = (night.counts.files, night.counts.bytes)
            try await finish(other, of: job, copyOf: record)
        }
    }

    private static func noise() -> [UInt8] { (0..<32).map { _ in UInt8.random(in: .min ... .max) } }

    /// Runs a job for real, as of the time that the clock of the house tells.
    package func runReally(_ number: Int, length: Duration) async throws {
        let (job, plan) = (jobs[number], plans[number])
        guard let first = job.repositories.first else { return }
        var record = try await begin(job, in: first)
        record.ended = record.started.advanced(by: length)
        let sampler = FileSampler(key: plan.samplingKey, previous: nil)
        var run = BackupRun(
            repository: opened[0], who: .current, source: plan.source.snapshotSource(house),
            programVersion: "salus \(Version.number)")
        run.tags = ["salus", "job-\(job.id)"]
        run.sampler = sampler
        run.time = Timestamp(seconds: record.started.seconds, nanoseconds: 0, offset: 0)
        let (ready, threads) = (run, BlockingThreads.two)
        let outcome = try await threads.run { try await ready.run(BackupProgress()) }
        let summary = outcome.report.summary
        record.snapshot = outcome.snapshot
        record.counts = .init(
            files: Int64(clamping: summary.totalFilesProcessed), bytes: Int64(clamping: summary.totalBytesProcessed),
            added: Int64(clamping: summary.dataAddedPacked))
        record.outcome = .done
        try await finish(record, of: job, sample: sampler.sample)
        for (place, copy) in job.repositories.enumerated().dropFirst() {
            try await copyReally(outcome.snapshot, record, of: job, to: copy, opened[place], length)
        }
    }

    private func copyReally(
        _ snapshot: ObjectID, _ original: RunRecord, of job: BackupJob, to repository: Identifier<StoredRepository>,
        _ target: Repository, _ length: Duration
    ) async throws {
        var record = try await begin(job, in: repository)
        record.ended = record.started.advanced(by: length)
        let (source, names) = (opened[0], CopiedNames())
        try await BlockingThreads.two.run {
            let entries = try await SnapshotList.load(source).snapshots.filter { $0.id == snapshot }
            try await SnapshotCopy(source: source, target: target).copy(entries) { names.note($0) }
        }
        (record.outcome, record.snapshot) = (.done, names.last)
        (record.counts.files, record.counts.bytes) = (original.counts.files, original.counts.bytes)
        try await finish(record, of: job, copyOf: original)
    }

    private func begin(_ job: BackupJob, in repository: Identifier<StoredRepository>) async throws -> RunRecord {
        try await house.store.read { tx in
            RunRecord(id: Identifier(at: tx.now), job: job.id, repository: repository, started: tx.now)
        }
    }

    /// Writes a run with its leaf, as `JobExecution` does; what comes after it is due the next night.
    private func finish(
        _ record: RunRecord, of job: BackupJob, copyOf original: RunRecord? = nil, sample: FileSample? = nil
    ) async throws {
        let sealed = try sample.map { try $0.sealed(with: key, record.id) }
        let fact = RunFact(record: record, original: original, hashes: sample?.files.count ?? 0, sealed: sealed)
        let time = house.localTime
        try await house.store.write { [key] tx in
            try tx.insert(record)
            try tx.update(record, key, hashes: sealed)
            if let snapshot = record.snapshot {
                try tx.upsert(
                    SnapshotRecord(
                        repository: record.repository, snapshot: snapshot, job: job.id, run: original?.id ?? record.id,
                        taken: original?.started ?? record.started, seen: record.ended ?? tx.now, gone: nil,
                        isWhole: (original ?? record).isWhole(of: job.kind)))
            }
            if var current = try tx.backupJob(job.id) {
                current.due = current.next(after: tx.now, current.schedule, in: time)
                try tx.update(current)
            }
            try tx.record(fact.fact(by: .system))
        }
    }
}

extension SyntheticBackups {
    /// Every repository is looked into: all snapshots are there, and the backup's own credentials could delete them.
    package func look() async throws {
        let repositories = repositories
        try await house.store.write { tx in
            for repository in repositories {
                try tx.note(StoredRepository.Look(at: tx.now, canDelete: true), at: repository.id)
                try tx.execute(
                    "UPDATE backup_snapshots SET seen = ? WHERE repository = ? AND gone IS NULL",
                    [.integer(tx.now.microseconds), .bytes(repository.id.bytes)])
            }
        }
    }

    /// All snapshots but the newest of each job and repository, and those that are really there, are deleted on purpose.
    package func thinOut() async throws {
        for (repository, opened) in zip(repositories, opened) {
            let real = Set(try await opened.place.list(.snapshots).map(\.id))
            let all = try await house.store.read { tx in try tx.backupSnapshots(in: repository.id) }
            let newest = Set(Dictionary(grouping: all, by: \.job).compactMap { $0.value.first?.snapshot })
            let hasReal = all.contains { real.contains($0.snapshot) }
            let gone = all.map(\.snapshot).filter { !real.contains($0) && (hasReal || !newest.contains($0)) }
            guard !gone.isEmpty else { continue }
            try await Forgetting(house: house, repository: repository, actor: .system).tell(gone)
        }
    }

    /// Both programs check every repository; ours finds `errors` in the first.
    package func check(errors: Int64) async throws {
        for (place, repository) in repositories.enumerated() {
            try await house.store.write { tx in
                let found = place == 0 ? errors : 0
                let record = CheckRecord(
                    id: Identifier(at: tx.now), repository: repository.id, at: tx.now, errors: found,
                    snapshots: Int64(try tx.backupSnapshots(in: repository.id).count), readsData: false, peer: nil,
                    verdict: .none,
                    detail: found > 0 ? "\(found) packs are shorter than the index says" : "")
                try tx.insert(record)
                try tx.record(record.fact(by: .system))
            }
        }
    }

    /// What came of a drill.
    package struct Drill: Sendable {
        let files: Int64
        let bytes: Int64
        let compared: Int64
        let matching: Int64
        let length: Duration

        /// A drill that compared so many files and found so many the same.
        package init(files: Int64, bytes: Int64, compared: Int64, matching: Int64, length: Duration) {
            (self.files, self.bytes, self.compared, self.matching) = (files, bytes, compared, matching)
            self.length = length
        }
    }

    /// Tells of a restore drill of the newest snapshot in a job's last repository.
    package func drill(_ number: Int, _ drill: Drill) async throws {
        let job = jobs[number]
        let time = house.localTime
        try await house.store.write { [key] tx in
            let there = try tx.backupSnapshots(of: job.id, limit: 100).filter { $0.gone == nil }
            guard let snapshot = there.first(where: { $0.repository == job.repositories.last }) ?? there.first else {
                return
            }
            var record = DrillRecord(
                id: Identifier(at: tx.now), job: job.id, repository: snapshot.repository, snapshot: snapshot.snapshot,
                taken: snapshot.taken, started: tx.now)
            record.ended = tx.now.advanced(by: drill.length)
            record.take(drill)
            record.lostTime = tx.now.since(snapshot.taken)
            try tx.insert(record)
            try tx.update(record, key)
            if var current = try tx.backupJob(job.id) {
                current.drillDue = current.next(after: tx.now, current.drills, in: time)
                try tx.update(current)
            }
            try tx.record(record.fact(by: .system))
        }
    }
}

extension DrillRecord {
    fileprivate mutating func take(_ drill: SyntheticBackups.Drill) {
        (files, bytes, compared, matching) = (drill.files, drill.bytes, drill.compared, drill.matching)
        (restoring, recoveryTime) = (drill.length, drill.length)
        detail.population = drill.files
        let missing = drill.compared - drill.matching
        if missing > 0 {
            detail.errors = (0..<missing).map { "file \($0 + 1) of the sample did not come back as it was" }
        }
        bound = LossBound.share(lost: missing, of: drill.compared, in: drill.files).map(LossBound.parts)
        verdict = missing == 0 ? .passed : .failed
    }
}
