// SPDX-License-Identifier: Apache-2.0

import Kernel
import Keyring
import ResticFormat
import Store

/// One run of a job: what came of it, for people and for the measures.
struct RunRecord: Sendable {
    let id: Identifier<RunRecord>
    let job: Identifier<BackupJob>
    let repository: Identifier<StoredRepository>
    let started: Instant
    var ended: Instant?
    var outcome: Outcome?
    var snapshot: ObjectID?
    var counts = Counts()
    /// Why it failed, in words for people; nil when it did not.
    var reason: String?

    enum Outcome: String, Sendable {
        case done
        /// A snapshot was made that lacks files which could not be read, or holds some that changed while they were read.
        case partial
        case failed
        /// The process ended while it was at it.
        case interrupted

        /// For people.
        var word: String {
            switch self {
            case .done: "Done"
            case .partial: "Done, with gaps"
            case .failed: "Failed"
            case .interrupted: "Interrupted"
            }
        }

        /// How bad it is: the greatest is shown where there are several.
        var weight: Int {
            switch self {
            case .done: 0
            case .partial: 1
            case .interrupted: 2
            case .failed: 3
            }
        }

        /// Whether there is a snapshot.
        var hasSnapshot: Bool { self == .done || self == .partial }
    }

    struct Counts: Sendable, Equatable {
        var files: Int64 = 0
        var bytes: Int64 = 0
        /// Bytes that the repository grew by.
        var added: Int64 = 0
        /// Files that could not be read.
        var unread: Int64 = 0
        /// Files that changed each time that they were read.
        var torn: Int64 = 0
    }
}

extension RunRecord {
    /// Whether its snapshot is one to rely on: there is something in it, and not a hundredth of its files is missing.
    func isWhole(of kind: JobSource.Kind) -> Bool {
        guard kind == .files else { return counts.unread == 0 }
        return counts.files > 0 && counts.unread * 100 <= counts.files
    }
}

extension ReadTransaction {
    private static var columns: String {
        "id, job, repository, started, ended, outcome, snapshot, files, bytes, added, unread, torn, reason"
    }

    /// The newest runs of a job, newest first.
    func backupRuns(of job: Identifier<BackupJob>, limit: Int64, _ key: OpenKey) throws -> [RunRecord] {
        try rows(
            "SELECT \(Self.columns) FROM backup_runs WHERE job = ? ORDER BY started DESC, id DESC LIMIT ?",
            [.bytes(job.bytes), .integer(limit)]
        ).map { try RunRecord($0, key) }
    }

    /// The run of that id; nil when there is none.
    func backupRun(_ id: Identifier<RunRecord>, _ key: OpenKey) throws -> RunRecord? {
        try row("SELECT \(Self.columns) FROM backup_runs WHERE id = ?", [.bytes(id.bytes)])
            .map { try RunRecord($0, key) }
    }

    /// The hashes that a run recorded, as they lie in the store; nil where it recorded none.
    func sealedHashes(of run: Identifier<RunRecord>) throws -> [UInt8]? {
        try row("SELECT hashes FROM backup_runs WHERE id = ?", [.bytes(run.bytes)])?.optionalBytes(0)
    }

    /// The newest run of a job whose hashes are still there.
    func newestHashes(of job: Identifier<BackupJob>) throws -> (run: Identifier<RunRecord>, sealed: [UInt8])? {
        let query = """
            SELECT id, hashes FROM backup_runs WHERE job = ? AND hashes IS NOT NULL ORDER BY started DESC LIMIT 1
            """
        guard let row = try row(query, [.bytes(job.bytes)]), let id = Identifier<RunRecord>(bytes: try row.bytes(0))
        else { return nil }
        return (id, try row.bytes(1))
    }
}

extension Transaction {
    func insert(_ run: RunRecord) throws {
        try execute(
            """
            INSERT INTO backup_runs (id, job, repository, started, files, bytes, added, unread, torn)
            VALUES (?, ?, ?, ?, 0, 0, 0, 0, 0)
            """,
            [
                .bytes(run.id.bytes), .bytes(run.job.bytes), .bytes(run.repository.bytes),
                .integer(run.started.microseconds),
            ])
    }

    /// Writes how far a run is, or how it ended.
    ///
    /// - Parameter key: seals the reason, which may name a path.
    func update(_ run: RunRecord, _ key: OpenKey, hashes: [UInt8]? = nil) throws {
        let reason = try run.reason.map { try key.seal(Array($0.utf8), RunRecord.context(run.id)) }
        try execute(
            """
            UPDATE backup_runs SET ended = ?, outcome = ?, snapshot = ?, files = ?, bytes = ?, added = ?, unread = ?,
                torn = ?, reason = ?, hashes = ? WHERE id = ?
            """,
            [
                StoreValue(run.ended?.microseconds), StoreValue(run.outcome?.rawValue),
                StoreValue(run.snapshot.map { Array($0.bytes) }), .integer(run.counts.files),
                .integer(run.counts.bytes),
                .integer(run.counts.added), .integer(run.counts.unread), .integer(run.counts.torn),
                StoreValue(reason), StoreValue(hashes), .bytes(run.id.bytes),
            ])
    }

    /// Forgets the hashes of all but the newest runs of a job, and of those whose snapshot is the newest of a repository:
    /// drills need them.
    func trimHashes(of job: Identifier<BackupJob>, keeping count: Int64) throws {
        try execute(
            """
            UPDATE backup_runs SET hashes = NULL WHERE job = ? AND hashes IS NOT NULL AND id NOT IN (
                SELECT id FROM backup_runs WHERE job = ? AND hashes IS NOT NULL ORDER BY started DESC LIMIT ?)
                AND id NOT IN (
                    SELECT run FROM backup_snapshots WHERE job = ? AND gone IS NULL AND taken = (
                        SELECT max(other.taken) FROM backup_snapshots AS other
                        WHERE other.job = backup_snapshots.job AND other.repository = backup_snapshots.repository
                            AND other.gone IS NULL))
            """,
            [.bytes(job.bytes), .bytes(job.bytes), .integer(count), .bytes(job.bytes)])
    }

    /// Ends the runs of a job that nobody is at any more.
    func endInterrupted(of job: Identifier<BackupJob>) throws -> [Identifier<RunRecord>] {
        try rows(
            """
            UPDATE backup_runs SET ended = ?, outcome = ? WHERE job = ? AND ended IS NULL RETURNING id
            """,
            [.integer(now.microseconds), .text(RunRecord.Outcome.interrupted.rawValue), .bytes(job.bytes)]
        ).compactMap { Identifier<RunRecord>(bytes: try $0.bytes(0)) }
    }
}

extension RunRecord {
    fileprivate static func context(_ id: Identifier<RunRecord>) -> SealingContext {
        SealingContext(kind: "backup-run", id: id.bytes)
    }

    fileprivate init(_ row: Row, _ key: OpenKey) throws {
        guard let id = Identifier<RunRecord>(bytes: try row.bytes(0)),
            let job = Identifier<BackupJob>(bytes: try row.bytes(1)),
            let repository = Identifier<StoredRepository>(bytes: try row.bytes(2))
        else { throw Fault(.damaged, "A backup run in the store cannot be read.") }
        (self.id, self.job, self.repository) = (id, job, repository)
        started = Instant(microseconds: try row.integer(3))
        ended = try row.optionalInteger(4).map(Instant.init(microseconds:))
        outcome = try row.optionalText(5).flatMap(Outcome.init(rawValue:))
        snapshot = try row.optionalBytes(6).flatMap { ObjectID($0) }
        counts = Counts(
            files: try row.integer(7), bytes: try row.integer(8), added: try row.integer(9),
            unread: try row.integer(10), torn: try row.integer(11))
        reason = try row.optionalBytes(12).map { sealed in
            String(decoding: try key.open(sealed, Self.context(id)), as: UTF8.self)
        }
    }
}
