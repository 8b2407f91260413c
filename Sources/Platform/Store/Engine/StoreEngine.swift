// SPDX-License-Identifier: Apache-2.0

import Kernel
import Synchronization

/// What a dialect has to do for ``Database``. Jobs are answered exactly once.
protocol StoreEngine: Sendable {
    func read(_ job: any StoreJob)
    func write(_ job: any StoreJob)
    func migrate(_ migrations: [Migration]) async throws
    func tryLock(name: String) async throws -> StoreLock?
    func durabilitySettings() async throws -> [String: String]
    func close() async
}

/// A closure that waits for its transaction, and its caller, who waits for the answer.
protocol StoreJob: Sendable {
    /// Whether it is tried even in a store in which damage was found.
    var isCare: Bool { get }
    /// Runs the closure once; it may run again when its transaction could not be committed.
    func run(_ transaction: any Transaction) throws
    /// Answers the caller: with the last run's value, or with `failure`. Exactly once.
    func finish(_ failure: (any Error)?)
}

/// The job of one caller who waits for a `Value`.
final class PendingJob<Value: Sendable>: StoreJob {
    let isCare: Bool
    private let continuation: CheckedContinuation<Value, any Error>
    private let body: @Sendable (any Transaction) throws -> Value
    private let value = Mutex<Value?>(nil)

    init(
        _ continuation: CheckedContinuation<Value, any Error>, isCare: Bool = false,
        _ body: @escaping @Sendable (any Transaction) throws -> Value
    ) {
        self.isCare = isCare
        self.continuation = continuation
        self.body = body
    }

    func run(_ transaction: any Transaction) throws {
        let result = try body(transaction)
        value.withLock { $0 = result }
    }

    func finish(_ failure: (any Error)?) {
        if let failure {
            continuation.resume(throwing: failure)
        } else if let result = value.withLock({ $0 }) {
            continuation.resume(returning: result)
        } else {
            continuation.resume(throwing: Fault(.internal, "a transaction was answered before it ran"))
        }
    }
}

/// The answer to everything after ``Database/close()``.
let storeIsClosed = Fault(.unavailable, "the store is closed")
