// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Backup

/// The bound of what may be lost.
struct LossBoundTests {
    // Sample sizes for a bound of 5 % with 95 % confidence: Wilks, Ann. Math. Stat. 12 (1941), as tables of acceptance
    // sampling have them.
    @Test(arguments: [(0, 59), (1, 93), (2, 124), (3, 153), (4, 181)])
    func theSamplesOfWilksGiveFivePercent(_ lost: Int, _ sample: Int) throws {
        let share = try #require(LossBound.share(lost: Int64(lost), of: Int64(sample), in: 1_000_000))
        #expect(share <= 0.05)
        let less = try #require(LossBound.share(lost: Int64(lost), of: Int64(sample - 1), in: 1_000_000))
        #expect(less > 0.05)
    }

    @Test func whoeverLookedAtAllOfThemKnows() {
        #expect(LossBound.share(lost: 0, of: 40, in: 40) == 0)
        #expect(LossBound.share(lost: 10, of: 40, in: 40) == 0.25)
    }

    @Test func nothingIsKnownWithoutASample() {
        #expect(LossBound.share(lost: 0, of: 0, in: 40) == nil)
        #expect(LossBound.share(lost: 5, of: 4, in: 40) == nil)
    }

    @Test func everythingMayBeLost() {
        #expect(LossBound.share(lost: 7, of: 7, in: 40) == 1)
    }

    @Test(arguments: [
        (0, "at most 0.00 %"), (1, "at most 0.01 %"), (7_462, "at most 0.75 %"), (1_000_000, "at most 100.00 %"),
    ])
    func itIsRoundedUp(_ parts: Int, _ words: String) {
        #expect(LossBound.words(parts: Int64(parts)) == words)
    }
}
