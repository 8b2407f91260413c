// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Foundation
import ResticFormat

/// What `salus backup run` says while it works and when it is done.
struct BackupOutput: Sendable {
    private let isJSON: Bool
    private let isQuiet: Bool

    init(_ options: RepositoryOptions) {
        (isJSON, isQuiet) = (options.json, options.quiet)
    }

    /// Does `work` while a line on the terminal shows how far it is.
    ///
    /// - Parameter lookAhead: counts beside it what there is; only where somebody watches.
    func watching<Value: Sendable>(
        _ lookAhead: @escaping @Sendable (BackupProgress) async throws -> Void,
        _ work: @escaping @Sendable (BackupProgress) async throws -> Value
    ) async throws -> Value {
        let (progress, isShown) = (BackupProgress(), !isQuiet && !isJSON)
        let tell: @Sendable (WorkLine) -> Void = { line in
            let now = progress.now
            line.show(files: now.files, bytes: now.bytes, of: now.totalBytes, now: now.current)
        }
        return try await WorkLine().watching(isShown, tell) {
            guard Terminal.isWatched, isShown else { return try await work(progress) }
            // It ends with the work, however far it is.
            async let _ = lookAhead(progress)
            return try await work(progress)
        }
    }

    func print(_ outcome: BackupRun.Outcome) {
        let report = outcome.report
        for failure in report.failures {
            complain("\(String(decoding: failure.path, as: UTF8.self)): \(failure.reason)")
        }
        if report.failureCount > report.failures.count {
            complain("… and \(report.failureCount - report.failures.count) more that could not be read")
        }
        for path in report.torn {
            complain("\(String(decoding: path, as: UTF8.self)): changed while it was read; the copy may be a mixture")
        }
        if isJSON { json(outcome) } else if !isQuiet { text(outcome) }
    }

    private func complain(_ text: String) {
        Terminal.complain("salus: \(TerminalText.harmless(text))")
    }

    private func text(_ outcome: BackupRun.Outcome) {
        let summary = outcome.report.summary
        let parent = outcome.parent.map { "compared with \($0.short)" } ?? "without a snapshot to compare with"
        Terminal.line(
            "Files:   \(summary.filesNew) new, \(summary.filesChanged) changed, \(summary.filesUnmodified) as before")
        Terminal.line(
            "Folders: \(summary.dirsNew) new, \(summary.dirsChanged) changed, \(summary.dirsUnmodified) as before")
        Terminal.line(
            "Added:   \(ByteText.of(Int64(clamping: summary.dataAdded))) of "
                + "\(ByteText.of(Int64(clamping: summary.totalBytesProcessed))), "
                + "\(ByteText.of(Int64(clamping: summary.dataAddedPacked))) as stored")
        Terminal.line("Saved snapshot \(outcome.snapshot.short), \(parent).")
    }

    /// As restic's last line, so that programs which watch restic can watch Salus.
    private func json(_ outcome: BackupRun.Outcome) {
        let summary = outcome.report.summary
        Terminal.json([
            "message_type": "summary", "files_new": .integer(Int64(clamping: summary.filesNew)),
            "files_changed": .integer(Int64(clamping: summary.filesChanged)),
            "files_unmodified": .integer(Int64(clamping: summary.filesUnmodified)),
            "dirs_new": .integer(Int64(clamping: summary.dirsNew)),
            "dirs_changed": .integer(Int64(clamping: summary.dirsChanged)),
            "dirs_unmodified": .integer(Int64(clamping: summary.dirsUnmodified)),
            "data_blobs": .integer(summary.dataBlobs), "tree_blobs": .integer(summary.treeBlobs),
            "data_added": .integer(Int64(clamping: summary.dataAdded)),
            "data_added_packed": .integer(Int64(clamping: summary.dataAddedPacked)),
            "total_files_processed": .integer(Int64(clamping: summary.totalFilesProcessed)),
            "total_bytes_processed": .integer(Int64(clamping: summary.totalBytesProcessed)),
            "files_failed": .integer(Int64(outcome.report.failureCount)),
            "files_torn": .integer(Int64(outcome.report.tornCount)), "snapshot_id": .string(outcome.snapshot.hex),
        ])
    }
}
