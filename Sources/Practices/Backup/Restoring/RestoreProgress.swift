// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How far a restore is, and what went wrong in it.
final class RestoreProgress: Sendable {
    private let state = Mutex(State())

    struct State: Sendable {
        var items = 0
        var bytes: Int64 = 0
        /// What was there already and stayed.
        var kept = 0
        var failures: [(path: [[UInt8]], reason: String)] = []
        var failureCount = 0
    }

    private static let kept = 1_000

    func add(bytes: Int) {
        state.withLock { $0.bytes += Int64(bytes) }
    }

    func finish(bytes: Int64) {
        state.withLock { state in
            state.items += 1
            state.bytes += bytes
        }
    }

    func keep() {
        state.withLock { $0.kept += 1 }
    }

    func fail(_ path: [[UInt8]], _ reason: String) {
        state.withLock { state in
            state.failureCount += 1
            if state.failures.count < Self.kept { state.failures.append((path, reason)) }
        }
    }

    func fail(_ path: [[UInt8]], _ errors: [SystemError]) {
        for error in errors { fail(path, "\(error)") }
    }

    var now: State { state.withLock { $0 } }
}
