// SPDX-License-Identifier: Apache-2.0

import Kernel
import Ledger
import Store

/// What is started after a restore, to see whether it works and not only whether its bytes are there.
enum DrillService: Sendable {
    /// A server by the name that its snapshots have.
    case postgres(String)
    /// A database of SQLite by its path in the snapshot.
    case sqlite(String)
    /// Salus itself, with the files of its log.
    case salus

    /// Nil for plain files.
    init?(_ source: JobSource) {
        switch source {
        case .files: return nil
        case .postgres(_, let name), .postgresLog(_, let name): self = .postgres(name)
        case .sqlite(let path): self = .sqlite(SQLiteSource(path: path).path)
        case .salus: self = .salus
        }
    }

    /// Starts it below the folder into which the snapshot's root was restored, asks it, and stops it.
    ///
    /// - Throws: what keeps it from starting.
    func examine(below root: String, in scratch: ScratchFolder, _ record: inout DrillRecord) async throws {
        switch self {
        case .postgres(let name): try await Self.postgres("\(root)/postgres/\(name)/data", &record)
        case .sqlite(let path): try Self.sqlite("\(root)\(path)", in: scratch, &record)
        case .salus: try await Self.salus(below: root, in: scratch, &record)
        }
    }

    private static func postgres(_ folder: String, _ record: inout DrillRecord) async throws {
        record.detail.service = JobSource.Kind.postgres.rawValue
        let findings = try await PostgresTrial(dataFolder: folder).run()
        record.answering = findings.startedAfter
        (record.detail.serviceVersion, record.detail.isNetworkCut) = (findings.serverVersion, findings.isNetworkCut)
        record.detail.probes = [
            "\(findings.databases.count) databases, \(findings.rows) rows in \(findings.tablesCounted) tables",
            "pg_amcheck looked at \(findings.relationsChecked) tables and indexes",
            findings.hasChecksums
                ? "\(findings.checksumFailures) pages with a wrong checksum" : "the server keeps no checksums of pages",
        ]
        if let last = findings.lastCommit {
            record.detail.probes.append("the last transaction of its log was committed at \(last.rfc3339)")
        }
        record.detail.errors += findings.amcheckErrors
        if findings.checksumFailures > 0 {
            record.detail.errors.append("\(findings.checksumFailures) pages of the database have a wrong checksum")
        }
    }

    private static func sqlite(_ path: String, in scratch: ScratchFolder, _ record: inout DrillRecord) throws {
        record.detail.service = JobSource.Kind.sqlite.rawValue
        let start = ContinuousClock.now
        // Copying it opens it, reads every page and checks the copy.
        try OnlineCopy.make(of: path, at: "\(scratch.path)/copy.db")
        record.answering = ContinuousClock.now - start
        record.detail.probes = ["integrity_check: ok"]
    }

    private static func salus(
        below root: String, in scratch: ScratchFolder, _ record: inout DrillRecord
    ) async throws {
        record.detail.service = JobSource.Kind.salus.rawValue
        guard let folder = StateFolder.find(below: root) else {
            throw Fault(.damaged, "The snapshot holds no data folder of Salus.")
        }
        let start = ContinuousClock.now
        let store = try await Database.open(.sqlite(path: "\(folder)/salus.db"), clock: SystemClock())
        do {
            let found = try await LogVerification.verify(FileTileStore(folder: "\(folder)/ledger"), store: store)
            record.answering = ContinuousClock.now - start
            record.detail.probes = ["the evidence log is whole: \(found.size) entries, verified against the store"]
            record.detail.errors += found.problems
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }
}

/// Finds the data folder of Salus in what was restored: the path in the snapshot is that of the machine that was backed up.
enum StateFolder {
    private static let limit = 64

    static func find(below root: String) -> String? {
        var folder = root
        for _ in 0..<limit {
            guard let names = try? FolderNames.read(Array(folder.utf8)) else { return nil }
            if names.contains(Array("salus.db".utf8)) { return folder }
            // The folders on the way hold one name each.
            guard names.count == 1 else { return nil }
            folder += "/" + String(decoding: names[0], as: UTF8.self)
        }
        return nil
    }
}
