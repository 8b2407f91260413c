// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Foundation
import Kernel
import Keyring
import Ledger
import ResticFormat
import Store
import Synchronization

/// One run of a job: the snapshot, then its copies in the other repositories, each with its leaf in the log.
struct JobExecution: Sendable {
    let house: House
    let key: OpenKey
    let job: BackupJob
    let plan: JobPlan
    let actor: EntityReference

    /// Runs it; what fails is in the records that come back, and in the log.
    ///
    /// - Throws: `Fault` when the store fails, `CancellationError` when the program ends meanwhile.
    func run(_ progress: BackupProgress = BackupProgress()) async throws -> [RunRecord] {
        guard let first = job.repositories.first else {
            throw Fault(.invalidInput, "The job has no repository.")
        }
        var record = try await begin(in: first)
        let sampler = FileSampler(key: plan.samplingKey, previous: try await previousSample())
        do {
            try await Hook.run(plan.before, "before")
            try demandSource()
            let outcome = try await watched(record, progress) { try await snapshot(first, sampler, progress) }
            record.take(outcome)
        } catch is CancellationError {
            _ = try? await afterwards()
            try? await finish(&record, .interrupted, "Salus was stopped meanwhile", nil)
            throw CancellationError()
        } catch {
            record.reason = FailureWords.of(error)
        }
        do { try await afterwards() } catch { record.reason = record.reason ?? FailureWords.of(error) }
        if record.snapshot != nil, record.counts.files == 0, case .files = plan.source {
            record.reason = record.reason ?? "There was no file to back up. Is a disk not mounted?"
        }
        let hasGaps = record.counts.unread > 0 || record.counts.torn > 0 || record.reason != nil
        let outcome: RunRecord.Outcome = record.snapshot == nil ? .failed : hasGaps ? .partial : .done
        var sample = sampler.sample
        sample.unread = record.counts.unread
        try await finish(&record, outcome, record.reason, record.snapshot == nil ? nil : sample)
        guard outcome.hasSnapshot else { return [record] }
        var records = [record]
        for copy in job.repositories.dropFirst() { records.append(try await self.copy(record, from: first, to: copy)) }
        return records
    }

    /// What runs afterwards does so also when the task was cancelled: it may have to thaw what was frozen.
    func afterwards() async throws {
        let command = plan.after
        try await Task { try await Hook.run(command, "after") }.value
    }

    /// A folder that is not there would make a backup of nothing, which looks as good as any.
    private func demandSource() throws {
        guard case .files(let paths, _) = plan.source else { return }
        let missing = paths.count { (try? SourceStatus(of: Array($0.utf8), in: AT_FDCWD)) == nil }
        guard missing == 0 else {
            throw Fault(
                .notFound, "\(missing) of \(paths.count) paths of this job are not there. Is a disk not mounted?")
        }
    }

    private func begin(in repository: Identifier<StoredRepository>) async throws -> RunRecord {
        let job = job.id
        return try await house.store.write { tx in
            let record = RunRecord(id: tx.orderedIdentifier(), job: job, repository: repository, started: tx.now)
            try tx.insert(record)
            return record
        }
    }

    private func previousSample() async throws -> FileSample? {
        guard case .files = plan.source else { return nil }
        let job = job.id
        guard let (run, sealed) = try await house.store.read({ tx in try tx.newestHashes(of: job) }) else { return nil }
        return try? FileSample.open(sealed, with: key, run)
    }

    private func snapshot(
        _ repository: Identifier<StoredRepository>, _ sampler: FileSampler, _ progress: BackupProgress
    ) async throws -> BackupRun.Outcome {
        let opened = try await open(repository)
        var run = BackupRun(
            repository: opened, who: .current, source: plan.source.snapshotSource(house),
            programVersion: "salus \(Version.number)")
        // By this, snapshots of jobs are judged apart from each other when old ones are forgotten.
        run.tags = ["salus", "job-\(job.id)"]
        run.sampler = sampler
        if case .files(_, let excludes) = plan.source {
            run.excludes = excludes
            run.exclusions.patterns = PathPatterns(try PatternFile.patterns(excludes))
            if case .sqlite(let path) = house.store.location {
                run.exclusions.untouchable = Exclusions.files(ofDatabase: path)
            }
        }
        let ready = run
        return try await RepositoryLock(repository: opened, who: .current, isExclusive: false).hold {
            try await ready.run(progress)
        }
    }

    private func open(_ id: Identifier<StoredRepository>) async throws -> Repository {
        guard let repository = try await house.store.read({ tx in try tx.backupRepository(id) }) else {
            throw Fault(.notFound, "The repository of this job is not known any more.")
        }
        return try await RepositoryDesk(house).open(repository)
    }

    /// Does `work` while the row of the run tells how far it is.
    private func watched<Value: Sendable>(
        _ record: RunRecord, _ progress: BackupProgress, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let (store, key) = (house.store, key)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                while true {
                    try await Task.sleep(for: .seconds(2))
                    var now = record
                    (now.counts.files, now.counts.bytes) = (Int64(progress.now.files), progress.now.bytes)
                    // Only people look at it: what cannot be written now is written at the end.
                    _ = try? await store.write { [now] tx in try tx.update(now, key) }
                }
            }
            defer { group.cancelAll() }
            guard let value = try await group.next(), let value else { throw CancellationError() }
            return value
        }
    }

    private func copy(
        _ original: RunRecord, from first: Identifier<StoredRepository>, to other: Identifier<StoredRepository>
    ) async throws -> RunRecord {
        var record = try await begin(in: other)
        do {
            guard let snapshot = original.snapshot else { throw CancellationError() }
            record.snapshot = try await copied(snapshot, from: try await open(first), to: try await open(other))
            record.counts.files = original.counts.files
            record.counts.bytes = original.counts.bytes
        } catch is CancellationError {
            try? await finish(&record, .interrupted, "Salus was stopped meanwhile", nil, copyOf: original)
            throw CancellationError()
        } catch {
            record.reason = FailureWords.of(error)
        }
        let outcome: RunRecord.Outcome = record.snapshot == nil ? .failed : .done
        try await finish(&record, outcome, record.reason, nil, copyOf: original)
        return record
    }

    private func copied(_ snapshot: ObjectID, from source: Repository, to target: Repository) async throws -> ObjectID?
    {
        let entries = try await SnapshotList.load(source).snapshots.filter { $0.id == snapshot }
        let names = CopiedNames()
        let reading = RepositoryLock(repository: source, who: .current, isExclusive: false)
        let writing = RepositoryLock(repository: target, who: .current, isExclusive: false)
        try await reading.hold {
            try await writing.hold {
                try await SnapshotCopy(source: source, target: target).copy(entries) { names.note($0) }
            }
        }
        return names.last
    }

    /// Writes the end of a run with its leaf, in one transaction.
    private func finish(
        _ record: inout RunRecord, _ outcome: RunRecord.Outcome, _ reason: String?, _ sample: FileSample?,
        copyOf original: RunRecord? = nil
    ) async throws {
        (record.outcome, record.reason) = (outcome, reason)
        let sealed = try sample.map { try $0.sealed(with: key, record.id) }
        let fact = RunFact(record: record, original: original, hashes: sample?.files.count ?? 0, sealed: sealed)
        let (actor, ended, kind) = (actor, record, job.kind)
        record = try await house.store.write { [key] tx in
            var ended = ended
            ended.ended = tx.now
            try tx.update(ended, key, hashes: sealed)
            if let snapshot = ended.snapshot, outcome.hasSnapshot {
                try tx.upsert(
                    SnapshotRecord(
                        repository: ended.repository, snapshot: snapshot, job: ended.job, run: original?.id ?? ended.id,
                        taken: original?.started ?? ended.started, seen: tx.now, gone: nil,
                        isWhole: (original ?? ended).isWhole(of: kind)))
            }
            try tx.trimHashes(of: ended.job, keeping: 50)
            try tx.record(fact.fact(by: actor))
            return ended
        }
    }
}

extension RunRecord {
    /// Takes over what a backup reports.
    fileprivate mutating func take(_ outcome: BackupRun.Outcome) {
        let summary = outcome.report.summary
        snapshot = outcome.snapshot
        counts = Counts(
            files: Int64(clamping: summary.totalFilesProcessed), bytes: Int64(clamping: summary.totalBytesProcessed),
            added: Int64(clamping: summary.dataAddedPacked), unread: Int64(outcome.report.failureCount),
            torn: Int64(outcome.report.tornCount))
    }
}

/// The name that a copy got.
final class CopiedNames: Sendable {
    private let name = Mutex<ObjectID?>(nil)

    func note(_ outcome: SnapshotCopy.Outcome) {
        name.withLock { name in
            switch outcome {
            case .copied(_, let copy), .known(_, let copy): name = copy
            }
        }
    }

    var last: ObjectID? { name.withLock { $0 } }
}

/// What the log is told of a run.
struct RunFact: Sendable {
    let record: RunRecord
    /// The run whose snapshot this one copied; nil for the run that read the source.
    let original: RunRecord?
    let hashes: Int
    let sealed: [UInt8]?

    func fact(by actor: EntityReference) -> Fact {
        var members: [CanonicalMember] = [
            .init("job", .string(record.job.description)), .init("repository", .string(record.repository.description)),
            .init("run", .string(record.id.description)),
            .init("outcome", .string(record.outcome?.rawValue ?? RunRecord.Outcome.failed.rawValue)),
        ]
        guard let snapshot = record.snapshot else { return Fact(kind, by: actor, members) }
        members.append(.init("snapshot", .string(snapshot.hex)))
        guard original == nil else { return Fact(kind, by: actor, members) }
        let counts = record.counts
        members += [
            .init("files", .integer(counts.files)), .init("bytes", .integer(counts.bytes)),
            .init("added", .integer(counts.added)), .init("unread", .integer(counts.unread)),
            .init("torn", .integer(counts.torn)), .init("hashes", .integer(Int64(hashes))),
        ]
        if let sealed { members.append(.init("root", .string(ObjectID(hashing: sealed).hex))) }
        return Fact(kind, by: actor, members)
    }

    private var kind: FactKind { original == nil ? BackupFacts.ran : BackupFacts.copied }
}
