// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import Backup

struct ThreadTests {
    @Test
    func workThatBlocksRunsBesideOther() async throws {
        let threads = BlockingThreads(count: 3)
        let sum = try await threads.run {
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<2_000 { group.addTask { number } }
                return try await group.reduce(0, +)
            }
        }
        #expect(sum == 1_999_000)
    }

    @Test
    func aTurnstileLetsOnlySoManyThrough() async throws {
        let (turnstile, seen) = (Turnstile(3), Crowd())
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    await turnstile.pass {
                        seen.add(1)
                        await Task.yield()
                        seen.add(-1)
                    }
                }
            }
        }
        #expect(seen.most <= 3 && seen.now == 0)
    }
}

/// How many are inside, and how many were at most.
private final class Crowd: Sendable {
    private let state = Mutex((now: 0, most: 0))

    func add(_ count: Int) {
        state.withLock { state in
            state.now += count
            state.most = max(state.most, state.now)
        }
    }

    var now: Int { state.withLock { $0.now } }
    var most: Int { state.withLock { $0.most } }
}
