// SPDX-License-Identifier: Apache-2.0

/// Who does work that may be done at the same time. An engine starts no threads by itself.
public struct Workers: Sendable {
    /// How many there are.
    let count: Int
    /// Calls the body once for each number below the first, and returns when all calls have.
    let perform: @Sendable (Int, @escaping @Sendable (Int) -> Void) -> Void

    /// - Parameters:
    ///   - count: how many calls run at a time.
    ///   - perform: calls the body once for each number below the first, in any order and on any threads, and returns when
    ///     all calls have; `DispatchQueue.concurrentPerform` is one.
    public init(count: Int, _ perform: @escaping @Sendable (Int, @escaping @Sendable (Int) -> Void) -> Void) {
        (self.count, self.perform) = (max(1, count), perform)
    }

    /// The thread that calls.
    public static let one = Workers(count: 1) { count, body in
        for number in 0..<count { body(number) }
    }
}
