// SPDX-License-Identifier: Apache-2.0

import Building
import Foundation
import Kernel
import ResticFormat

/// Restores a snapshot into a scratch folder and looks whether it is what was backed up.
struct DrillRun: Sendable {
    let snapshot: SnapshotRecord
    let source: JobSource
    /// The hashes that were recorded when the source was read; nil where none were.
    let sample: FileSample?
    let scratch: ScratchFolder
    let onlySample: Bool
    var steps = Steps()

    /// Does it, and fills the record in.
    ///
    /// - Throws: what keeps the restore from ending at all.
    func perform(_ record: inout DrillRecord, _ repository: Repository) async throws {
        let root = "\(scratch.path)/root"
        let start = ContinuousClock.now
        let lock = RepositoryLock(repository: repository, who: .current, isExclusive: false)
        let (isWhole, state) = try await lock.hold { try await restore(repository, into: root) }
        record.restoring = ContinuousClock.now - start
        (record.files, record.bytes) = (Int64(state.items), state.bytes)
        record.detail.isWhole = isWhole
        for failure in state.failures.prefix(50) {
            record.detail.errors.append("/\(Self.text(failure.path)): \(failure.reason)")
        }
        let named = Set(state.failures.prefix(50).map(\.path))
        if state.failureCount > 50 {
            record.detail.errors.append("… and \(state.failureCount - 50) more files that could not be restored")
        }
        try compare(&record, below: root, besides: named)
        guard let service = DrillService(source) else {
            // What was not compared was not proven, whatever else went well.
            if record.compared == 0 {
                record.detail.errors.append("Nothing could be compared: no hashes were recorded.")
            }
            return
        }
        guard isWhole else { throw Fault(.unavailable, "There was no room to restore all of it and to start it.") }
        try await service.examine(below: root, in: scratch, &record)
    }

    private func restore(_ repository: Repository, into root: String) async throws -> (Bool, RestoreProgress.State) {
        let list = try await SnapshotList.load(repository)
        guard let entry = list.snapshots.first(where: { $0.id == snapshot.snapshot }) else {
            throw Fault(.notFound, "The snapshot is not in the repository any more.")
        }
        let (index, flaws) = try await LoadedIndex.load(repository)
        guard flaws.isEmpty else { throw RepositoryError.damaged(flaws) }
        let blobs = BlobReader(repository: repository, index: index)
        let base = try await base(of: entry.snapshot, in: list, blobs)
        let isWhole = try decide([entry.snapshot] + (base.map { [$0] } ?? []))
        var selection = RestoreSelection()
        if !isWhole, let sample { selection.only = PathSet(sample.files.map(\.path)) }
        let progress = RestoreProgress()
        let restorer = Restorer(
            blobs: blobs, target: root, selection: selection, verifies: false, isDryRun: false, progress: progress)
        if let base { try await restorer.restore(base.tree) }
        try await restorer.restore(entry.snapshot.tree)
        return (isWhole, progress.now)
    }

    /// What has to be restored before: the base backup of a server's log.
    private func base(
        of snapshot: Snapshot, in list: SnapshotList, _ blobs: BlobReader
    ) async throws -> Snapshot? {
        guard case .postgresLog(_, let name) = source else { return nil }
        guard let id = try await LogBase.named(name, by: snapshot, blobs) else {
            throw Fault(.damaged, "The snapshot does not say to which base backup its log belongs.")
        }
        // A copy is known by another id, and by that of what it was copied from.
        let base = list.snapshots.first { $0.id == id } ?? list.snapshots.first { $0.snapshot.original == id }
        guard let base else {
            throw Fault(.notFound, "The base backup to which this log belongs is not in the repository.")
        }
        return base.snapshot
    }

    /// Whether everything is restored; a sample where there is no room for everything.
    private func decide(_ snapshots: [Snapshot]) throws -> Bool {
        let free = ScratchFolder.free(at: scratch.path)
        let sizes = snapshots.map { $0.summary.map { Int64(clamping: $0.totalBytesProcessed) } ?? .max }
        let size = sizes.reduce(Int64(0)) { sum, size in
            let (sum, isTooMuch) = sum.addingReportingOverflow(size)
            return isTooMuch ? .max : sum
        }
        let hasSample = sample.map { !$0.files.isEmpty } ?? false
        // A service is started as a whole or not at all.
        let mayBePart = hasSample && DrillService(source) == nil
        if onlySample, mayBePart { return false }
        // A tenth more, and room for whoever else works there. A database of SQLite is copied once more to be looked at.
        let isCopied = if case .sqlite = source { true } else { false }
        // Of what nobody knows how long it is, more than any disk holds is wanted.
        let needed = Double(size) * (isCopied ? 2.1 : 1.1) + Double(1 << 30)
        if needed < Double(free) { return true }
        guard mayBePart else {
            throw Fault(
                .unavailable,
                "There is no room to restore it: \(ByteText.of(free)) are free. Say another folder with --scratch.")
        }
        return false
    }

    private func compare(_ record: inout DrillRecord, below root: String, besides named: Set<[[UInt8]]>) throws {
        guard let sample, sample.population > 0 else { return }
        let comparison = try SampleComparison(sample, below: root)
        (record.compared, record.matching) = (comparison.matching + comparison.lost, comparison.matching)
        (record.detail.population, record.detail.missed) = (sample.population, sample.missed)
        // Of what was missed nothing is known: for the bound it counts as lost.
        let share = LossBound.share(
            lost: comparison.lost + sample.missed, of: record.compared + sample.missed, in: sample.population)
        // Files that could not be read are lost for certain.
        let (read, unread) = (Double(sample.population), Double(sample.unread))
        record.bound = share.map { LossBound.parts(($0 * read + unread) / (read + unread)) }
        record.detail.unread = sample.unread
        for path in comparison.paths where !named.contains(path) {
            record.detail.errors.append("/\(Self.text(path)): it is not what was backed up")
        }
    }

    private static func text(_ path: [[UInt8]]) -> String {
        TerminalText.harmless(path.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/"))
    }
}
