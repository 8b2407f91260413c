// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kernel
import Keyring
import ResticFormat
import Store

/// A restore that was done to see whether it can be, and how long it takes.
struct DrillRecord: Sendable {
    let id: Identifier<DrillRecord>
    let job: Identifier<BackupJob>
    let repository: Identifier<StoredRepository>
    let snapshot: ObjectID
    /// When the source of the snapshot was read.
    let taken: Instant
    let started: Instant
    var ended: Instant?
    /// Nil while it goes on, and where the process ended meanwhile.
    var verdict: Verdict?
    /// Files and folders that were restored, and their bytes.
    var files: Int64 = 0
    var bytes: Int64 = 0
    /// Files whose content was compared with the hash that was recorded when the source was read.
    var compared: Int64 = 0
    var matching: Int64 = 0
    /// The share of files that at most is lost, in parts in a million with 95 % confidence; nil where none was compared.
    var bound: Int64?
    /// How long restoring took.
    var restoring: Duration?
    /// How long the restored service took until it answered; nil where there is none.
    var answering: Duration?
    /// From the beginning until everything was there and had answered.
    var recoveryTime: Duration?
    /// How much work would have been lost: from the time of the snapshot's data to the beginning.
    var lostTime: Duration?
    var detail = DrillDetail()

    enum Verdict: String, Sendable {
        case passed
        case failed

        /// For people.
        var word: String { self == .passed ? "Passed" : "Failed" }
    }
}

/// What a drill found, in words. It may name files, so it is stored sealed.
struct DrillDetail: Sendable, Codable, Equatable {
    /// Whether everything was restored; otherwise only the files of the sample were.
    var isWhole = true
    /// How many files the snapshot holds, where that was recorded.
    var population: Int64 = 0
    /// Files of the sample of which nothing is known, because they changed before they could be hashed.
    var missed: Int64 = 0
    /// Files that the run could not read: they are in no snapshot.
    var unread: Int64 = 0
    /// `postgres`, `sqlite`, `salus` or nothing.
    var service: String?
    var serviceVersion: String?
    /// What the service said of itself: tables, rows, pages.
    var probes: [String] = []
    /// Whether the service had no network at all while it ran.
    var isNetworkCut: Bool?
    /// What went wrong, worst first; the lines beyond the first hundred are left out.
    var errors: [String] = []

    private static let kind = "backup-drill"

    func sealed(with key: OpenKey, _ id: Identifier<DrillRecord>) throws -> [UInt8] {
        try key.seal(Array(try JSONEncoder().encode(self)), SealingContext(kind: Self.kind, id: id.bytes))
    }

    static func open(_ sealed: [UInt8], with key: OpenKey, _ id: Identifier<DrillRecord>) throws -> DrillDetail {
        let bytes = try key.open(sealed, SealingContext(kind: kind, id: id.bytes))
        do {
            return try JSONDecoder().decode(DrillDetail.self, from: Data(bytes))
        } catch {
            throw Fault(.damaged, "What a drill found cannot be read: it was written by another version.")
        }
    }
}

extension ReadTransaction {
    private static var columns: String {
        """
        id, job, repository, snapshot, taken, started, ended, verdict, files, bytes, compared, matching, bound,
            restoring, answering, rto, rpo, detail
        """
    }

    /// The newest drills, of one job or of all, newest first.
    func backupDrills(of job: Identifier<BackupJob>? = nil, limit: Int64, _ key: OpenKey) throws -> [DrillRecord] {
        let rows =
            if let job {
                try rows(
                    "SELECT \(Self.columns) FROM backup_drills WHERE job = ? ORDER BY started DESC, id DESC LIMIT ?",
                    [.bytes(job.bytes), .integer(limit)])
            } else {
                try rows(
                    "SELECT \(Self.columns) FROM backup_drills ORDER BY started DESC, id DESC LIMIT ?",
                    [.integer(limit)])
            }
        return try rows.map { try DrillRecord($0, key) }
    }

    /// The drill of that id; nil when there is none.
    func backupDrill(_ id: Identifier<DrillRecord>, _ key: OpenKey) throws -> DrillRecord? {
        try row("SELECT \(Self.columns) FROM backup_drills WHERE id = ?", [.bytes(id.bytes)])
            .map { try DrillRecord($0, key) }
    }
}

extension Transaction {
    func insert(_ drill: DrillRecord) throws {
        try execute(
            """
            INSERT INTO backup_drills
                (id, job, repository, snapshot, taken, started, files, bytes, compared, matching)
            VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, 0)
            """,
            [
                .bytes(drill.id.bytes), .bytes(drill.job.bytes), .bytes(drill.repository.bytes),
                .bytes(Array(drill.snapshot.bytes)), .integer(drill.taken.microseconds),
                .integer(drill.started.microseconds),
            ])
    }

    /// Writes how a drill ended.
    func update(_ drill: DrillRecord, _ key: OpenKey) throws {
        try execute(
            """
            UPDATE backup_drills SET ended = ?, verdict = ?, files = ?, bytes = ?, compared = ?, matching = ?, bound = ?,
                restoring = ?, answering = ?, rto = ?, rpo = ?, detail = ? WHERE id = ?
            """,
            [
                StoreValue(drill.ended?.microseconds), StoreValue(drill.verdict?.rawValue), .integer(drill.files),
                .integer(drill.bytes), .integer(drill.compared), .integer(drill.matching), StoreValue(drill.bound),
                StoreValue(drill.restoring?.wholeMicroseconds), StoreValue(drill.answering?.wholeMicroseconds),
                StoreValue(drill.recoveryTime?.wholeMicroseconds), StoreValue(drill.lostTime?.wholeMicroseconds),
                .bytes(try drill.detail.sealed(with: key, drill.id)), .bytes(drill.id.bytes),
            ])
    }
}

extension DrillRecord {
    fileprivate init(_ row: Row, _ key: OpenKey) throws {
        guard let id = Identifier<DrillRecord>(bytes: try row.bytes(0)),
            let job = Identifier<BackupJob>(bytes: try row.bytes(1)),
            let repository = Identifier<StoredRepository>(bytes: try row.bytes(2)),
            let snapshot = ObjectID(try row.bytes(3))
        else { throw Fault(.damaged, "A drill in the store cannot be read.") }
        (self.id, self.job, self.repository, self.snapshot) = (id, job, repository, snapshot)
        taken = Instant(microseconds: try row.integer(4))
        started = Instant(microseconds: try row.integer(5))
        ended = try row.optionalInteger(6).map(Instant.init(microseconds:))
        verdict = try row.optionalText(7).flatMap(Verdict.init(rawValue:))
        (files, bytes) = (try row.integer(8), try row.integer(9))
        (compared, matching) = (try row.integer(10), try row.integer(11))
        bound = try row.optionalInteger(12)
        restoring = try row.optionalInteger(13).map { .microseconds($0) }
        answering = try row.optionalInteger(14).map { .microseconds($0) }
        recoveryTime = try row.optionalInteger(15).map { .microseconds($0) }
        lostTime = try row.optionalInteger(16).map { .microseconds($0) }
        if let sealed = try row.optionalBytes(17) { detail = try DrillDetail.open(sealed, with: key, id) }
    }
}
