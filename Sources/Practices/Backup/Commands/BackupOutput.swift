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
    func watching<Value: Sendable>(
        _ work: @escaping @Sendable (BackupProgress) async throws -> Value
    ) async throws -> Value {
        let progress = BackupProgress()
        guard Terminal.isWatched, !isQuiet, !isJSON else { return try await work(progress) }
        let line = ProgressLine()
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work(progress) }
            group.addTask {
                while !Task.isCancelled {
                    line.show(progress.now)
                    try? await Task.sleep(for: .milliseconds(200))
                }
                return nil
            }
            defer {
                group.cancelAll()
                line.clear()
            }
            while let result = try await group.next() { if let result { return result } }
            throw CancellationError()
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

/// How far a backup is, in one line of the terminal: how much was looked at, how quickly, and where.
private final class ProgressLine: Sendable {
    private let started = ContinuousClock.now

    func show(_ state: BackupProgress.State) {
        let seconds = max(0.001, Double((ContinuousClock.now - started).components.seconds) + 0.5)
        let rate = ByteText.of(Int64(Double(state.bytes) / seconds))
        let name = state.current.suffix(40)
        let text =
            "\r\u{1B}[2K\(state.files) files, \(ByteText.of(state.bytes)), \(rate)/s  "
            + TerminalText.harmless(String(decoding: name, as: UTF8.self))
        FileHandle.standardError.write(Data(text.utf8))
    }

    func clear() {
        FileHandle.standardError.write(Data("\r\u{1B}[2K".utf8))
    }
}
