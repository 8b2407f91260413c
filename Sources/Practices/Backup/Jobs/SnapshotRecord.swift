// SPDX-License-Identifier: Apache-2.0

import Kernel
import ResticFormat
import Store

/// A snapshot that Salus made or copied, and whether it was still there at the last look.
struct SnapshotRecord: Sendable {
    let repository: Identifier<StoredRepository>
    let snapshot: ObjectID
    let job: Identifier<BackupJob>
    /// The run that read the source; the hashes that it recorded hold for every copy.
    let run: Identifier<RunRecord>
    /// When the source was read.
    let taken: Instant
    var seen: Instant
    /// When a look first missed it; nil while it is there.
    var gone: Instant?
    /// Whether the run read all that it should, or nearly: what lacks a hundredth of its files is no copy to rely on.
    var isWhole = true
}

extension ReadTransaction {
    private static var columns: String { "repository, snapshot, job, run, taken, seen, gone, whole" }

    /// The snapshots of a job in all its repositories, newest first.
    func backupSnapshots(of job: Identifier<BackupJob>, limit: Int64) throws -> [SnapshotRecord] {
        try rows(
            "SELECT \(Self.columns) FROM backup_snapshots WHERE job = ? ORDER BY taken DESC, repository LIMIT ?",
            [.bytes(job.bytes), .integer(limit)]
        ).map(SnapshotRecord.init)
    }

    /// All snapshots that a repository should hold.
    func backupSnapshots(in repository: Identifier<StoredRepository>) throws -> [SnapshotRecord] {
        try rows(
            "SELECT \(Self.columns) FROM backup_snapshots WHERE repository = ? ORDER BY taken DESC",
            [.bytes(repository.bytes)]
        ).map(SnapshotRecord.init)
    }

    /// One snapshot; nil when Salus knows of none.
    func backupSnapshot(_ id: ObjectID, in repository: Identifier<StoredRepository>) throws -> SnapshotRecord? {
        try row(
            "SELECT \(Self.columns) FROM backup_snapshots WHERE repository = ? AND snapshot = ?",
            [.bytes(repository.bytes), .bytes(Array(id.bytes))]
        ).map(SnapshotRecord.init)
    }
}

extension Transaction {
    /// Takes a snapshot down, or that it was seen again.
    func upsert(_ record: SnapshotRecord) throws {
        try execute(
            """
            INSERT INTO backup_snapshots (repository, snapshot, job, run, taken, seen, gone, whole)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (repository, snapshot) DO UPDATE SET seen = excluded.seen, gone = excluded.gone
            """,
            [
                .bytes(record.repository.bytes), .bytes(Array(record.snapshot.bytes)), .bytes(record.job.bytes),
                .bytes(record.run.bytes), .integer(record.taken.microseconds), .integer(record.seen.microseconds),
                StoreValue(record.gone?.microseconds), .integer(record.isWhole ? 1 : 0),
            ])
    }
}

extension SnapshotRecord {
    fileprivate init(_ row: Row) throws {
        guard let repository = Identifier<StoredRepository>(bytes: try row.bytes(0)),
            let snapshot = ObjectID(try row.bytes(1)), let job = Identifier<BackupJob>(bytes: try row.bytes(2)),
            let run = Identifier<RunRecord>(bytes: try row.bytes(3))
        else { throw Fault(.damaged, "A snapshot in the store cannot be read.") }
        (self.repository, self.snapshot, self.job, self.run) = (repository, snapshot, job, run)
        taken = Instant(microseconds: try row.integer(4))
        seen = Instant(microseconds: try row.integer(5))
        gone = try row.optionalInteger(6).map(Instant.init(microseconds:))
        isWhole = try row.integer(7) != 0
    }
}
