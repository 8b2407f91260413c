// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store

/// What two programs found when they checked a repository.
struct CheckRecord: Sendable {
    let id: Identifier<CheckRecord>
    let repository: Identifier<StoredRepository>
    let at: Instant
    /// How many errors our own check found.
    let errors: Int64
    let snapshots: Int64
    /// Whether all data was read.
    let readsData: Bool
    /// The other program with its version; nil where none is installed.
    let peer: String?
    let verdict: PeerVerdict
    /// The first lines of what was found; they name files of the repository, not of patients.
    let detail: String

    enum PeerVerdict: String, Sendable {
        case passed
        case failed
        /// It is not installed, or could not be started.
        case none
        /// It did not come to an end: somebody else worked there, the place was not reached, or it took too long.
        case unfinished

        /// For people.
        var word: String {
            switch self {
            case .passed: "no errors"
            case .failed: "errors"
            case .none: "not installed"
            case .unfinished: "did not come to an end"
            }
        }
    }

    /// Whether both found nothing.
    var isClean: Bool { errors == 0 && verdict != .failed }
}

extension ReadTransaction {
    private static var columns: String { "id, repository, at, errors, snapshots, reads, peer, verdict, detail" }

    /// The newest check of a repository; nil before the first.
    func newestCheck(of repository: Identifier<StoredRepository>) throws -> CheckRecord? {
        try row(
            "SELECT \(Self.columns) FROM backup_checks WHERE repository = ? ORDER BY at DESC LIMIT 1",
            [.bytes(repository.bytes)]
        ).map(CheckRecord.init)
    }
}

extension ReadTransaction {
    /// The repositories in which the newest check found errors.
    func repositoriesWithErrors() throws -> Set<Identifier<StoredRepository>> {
        Set(try backupRepositories().map(\.id).filter { id in try newestCheck(of: id).map { !$0.isClean } ?? false })
    }
}

extension Transaction {
    func insert(_ check: CheckRecord) throws {
        try execute(
            """
            INSERT INTO backup_checks (id, repository, at, errors, snapshots, reads, peer, verdict, detail)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .bytes(check.id.bytes), .bytes(check.repository.bytes), .integer(check.at.microseconds),
                .integer(check.errors), .integer(check.snapshots), .integer(check.readsData ? 1 : 0),
                StoreValue(check.peer), .text(check.verdict.rawValue), .bytes(Array(check.detail.utf8)),
            ])
    }
}

extension CheckRecord {
    fileprivate init(_ row: Row) throws {
        guard let id = Identifier<CheckRecord>(bytes: try row.bytes(0)),
            let repository = Identifier<StoredRepository>(bytes: try row.bytes(1)),
            let verdict = PeerVerdict(rawValue: try row.text(7))
        else { throw Fault(.damaged, "A check of a repository in the store cannot be read.") }
        (self.id, self.repository, self.verdict) = (id, repository, verdict)
        at = Instant(microseconds: try row.integer(2))
        (errors, snapshots) = (try row.integer(3), try row.integer(4))
        readsData = try row.integer(5) != 0
        peer = try row.optionalText(6)
        detail = String(decoding: try row.optionalBytes(8) ?? [], as: UTF8.self)
    }
}
