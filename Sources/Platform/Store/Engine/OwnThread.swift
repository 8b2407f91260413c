// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// Runs `body`, which may block, away from the cooperative pool.
///
/// A serial queue of its own never shares a thread with others while it is blocked.
func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "salus.store.blocking").async {
            continuation.resume(with: Result { try body() })
        }
    }
}

/// The same for a body that cannot fail.
func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        DispatchQueue(label: "salus.store.blocking").async {
            continuation.resume(returning: body())
        }
    }
}
