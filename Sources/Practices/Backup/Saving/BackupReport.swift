// SPDX-License-Identifier: Apache-2.0

import ResticFormat
import Synchronization

/// What a backup did, and what it could not do.
final class BackupReport: Sendable {
    private let state = Mutex(State())

    struct State: Sendable {
        var summary = SnapshotSummary()
        /// Paths that could not be read, with the reason.
        var failures: [Failure] = []
        /// Files that changed each time that they were read.
        var torn: [[UInt8]] = []
        var failureCount = 0
        var tornCount = 0
    }

    struct Failure: Sendable {
        let path: [UInt8]
        let reason: String
    }

    /// More are counted, not kept.
    private static let kept = 1_000

    func fail(_ path: [UInt8], _ error: any Error) {
        state.withLock { state in
            state.failureCount += 1
            guard state.failures.count < Self.kept else { return }
            state.failures.append(Failure(path: path, reason: "\(error)"))
        }
    }

    func tear(_ path: [UInt8]) {
        state.withLock { state in
            state.tornCount += 1
            if state.torn.count < Self.kept { state.torn.append(path) }
        }
    }

    /// Counts a file.
    ///
    /// - Parameter isNew: whether the parent snapshot has nothing under its name.
    func count(_ file: Node, isNew: Bool, isUnchanged: Bool, _ counts: FileSaver.Counts = .init()) {
        state.withLock { state in
            switch (isUnchanged, isNew) {
            case (true, _): state.summary.filesUnmodified += 1
            case (false, false): state.summary.filesChanged += 1
            case (false, true): state.summary.filesNew += 1
            }
            state.summary.totalFilesProcessed += 1
            state.summary.totalBytesProcessed &+= file.size
            state.summary.dataBlobs += Int64(counts.blobs)
            state.summary.dataAdded += UInt64(counts.added)
            state.summary.dataAddedPacked += UInt64(counts.packed)
        }
    }

    /// Counts a folder.
    func count(_ folder: Node, previous: Node?) {
        state.withLock { state in
            switch previous {
            case .some(folder): state.summary.dirsUnmodified += 1
            case .some: state.summary.dirsChanged += 1
            case nil: state.summary.dirsNew += 1
            }
        }
    }

    /// Counts the stored form of a folder.
    func count(_ tree: BlobStore.Stored, length: Int) {
        guard tree.isNew else { return }
        state.withLock { state in
            state.summary.treeBlobs += 1
            state.summary.dataAdded += UInt64(length)
            state.summary.dataAddedPacked += UInt64(tree.packed)
        }
    }

    var now: State { state.withLock { $0 } }
}
