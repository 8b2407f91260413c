// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Backup

struct PaceTests {
    @Test
    func bytesPassAtTheRate() {
        let start = ContinuousClock.now
        var bucket = TokenBucket(rate: 1_000)
        // A tenth of a second's worth is free at first, and what follows waits for what went before.
        #expect(bucket.wait(for: 100, at: start) == .zero)
        #expect(bucket.wait(for: 500, at: start) == .zero)
        #expect(bucket.wait(for: 1, at: start) == .milliseconds(500))
        #expect(bucket.wait(for: 1, at: start + .milliseconds(400)) == .milliseconds(101))
    }

    @Test
    func aPauseIsNotSavedUp() {
        let start = ContinuousClock.now
        var bucket = TokenBucket(rate: 1_000)
        _ = bucket.wait(for: 100, at: start)
        let later = start + .seconds(3_600)
        #expect(bucket.wait(for: 1_100, at: later) == .zero)
        #expect(bucket.wait(for: 1, at: later) == .seconds(1))
    }

    @Test
    func waitsBecomeLongerAndEnd() {
        let backoff = Backoff()
        func wait(_ failures: Int, _ elapsed: Duration = .zero, _ chance: Double = 0.5, _ hasWorked: Bool = true)
            -> Duration?
        {
            backoff.wait(after: failures, elapsed: elapsed, chance: chance, hasWorked: hasWorked)
        }
        #expect([1, 2, 3, 4].map { wait($0) } == [.seconds(1), .seconds(2), .seconds(4), .seconds(8)])
        #expect(wait(1, .zero, 0) == .milliseconds(500) && wait(20) == .seconds(60) && wait(.max) == .seconds(60))
        #expect(wait(5, .seconds(14 * 60)) == .seconds(16) && wait(5, .seconds(15 * 60 - 1)) == nil)
        #expect(wait(1, .seconds(28), 0.5, false) == .seconds(1) && wait(2, .seconds(29), 0.5, false) == nil)
    }

    @Test
    func theFirstAnswersOfAServerSayWhatToDo() {
        for status in [408, 429, 500, 502, 503, 504] { #expect(PlaceRefusal("act", status: status).isTransient) }
        for status in [301, 400, 401, 403, 404, 413, 501, 507] {
            #expect(!PlaceRefusal("act", status: status).isTransient)
        }
        #expect(PlaceRefusal("act", status: 507).isFull)
    }
}
