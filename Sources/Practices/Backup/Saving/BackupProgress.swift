// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How far a backup is, for whoever watches it.
final class BackupProgress: Sendable {
    private let state = Mutex(State())

    /// What can be seen.
    struct State: Sendable {
        var files = 0
        var bytes: Int64 = 0
        /// What was found by looking ahead; nil until that is done.
        var totalFiles: Int?
        var totalBytes: Int64?
        /// The file that was begun last; it is shown, never logged.
        var current: [UInt8] = []
    }

    func add(bytes: Int) {
        state.withLock { $0.bytes += Int64(bytes) }
    }

    /// - Parameter skipped: bytes that did not have to be read.
    func finishFile(skipped: Int64 = 0) {
        state.withLock { state in
            state.files += 1
            state.bytes += skipped
        }
    }

    func begin(_ path: [UInt8]) {
        state.withLock { $0.current = path }
    }

    func set(totalFiles: Int, totalBytes: Int64) {
        state.withLock { ($0.totalFiles, $0.totalBytes) = (totalFiles, totalBytes) }
    }

    var now: State { state.withLock { $0 } }
}
