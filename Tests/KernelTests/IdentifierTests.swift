// SPDX-License-Identifier: Apache-2.0

import Kernel
import Testing

struct IdentifierTests {
    @Test func textAndBytesGoBothWays() throws {
        let id = Identifier<Record>(at: Instant(microseconds: 1_700_000_000_000_000))
        #expect(Identifier<Record>(id.description) == id)
        #expect(Identifier<Record>(bytes: id.bytes) == id)
        #expect(id.bytes.count == 16)
        #expect(id.bytes[6] >> 4 == 7, "version 7")
        #expect(id.bytes[8] >> 6 == 2, "variant of RFC 9562")
    }

    @Test func newerOnesSortLast() {
        let older = Identifier<Record>(at: Instant(microseconds: 1_000_000_000))
        let newer = Identifier<Record>(at: Instant(microseconds: 1_000_001_000))
        #expect(older < newer)
        #expect(older.bytes.lexicographicallyPrecedes(newer.bytes))
    }

    @Test(arguments: [
        "", "0190163d-8694-739b-aea5-966c26f8ad9", "0190163d-8694-739b-aea5-966c26f8ad911",
        "0190163D-8694-739B-AEA5-966C26F8AD91", "0190163d8694-739b-aea5-966c26f8ad91-",
        "0190163d-8694-739b-aea5-966c26f8ad9g", "0190163d-8694-739b-aea5-966c26f8ad9\u{301}",
    ])
    func anythingElseIsNoIdentifier(text: String) {
        #expect(Identifier<Record>(text) == nil)
    }

    @Test func instantsAreShownInUTC() {
        #expect(Instant(microseconds: 0).rfc3339 == "1970-01-01T00:00:00.000000Z")
        #expect(Instant(microseconds: -1).rfc3339 == "1969-12-31T23:59:59.999999Z")
        #expect(Instant(microseconds: 1_795_444_745_123_456).text == "2026-11-23 14:39 UTC")
        #expect(Instant(microseconds: -1).seconds == -1)
        #expect(Instant(microseconds: .max).advanced(by: .days(1)) == Instant(microseconds: .max))
    }

    @Test(arguments: [
        (Duration.seconds(59), "under a minute"), (.seconds(60), "1 minute"), (.hours(3), "3 hours"),
        (.days(1), "1 day"), (.days(40), "40 days"),
    ])
    func durationsAreSaidRoughly(duration: Duration, text: String) {
        #expect(duration.roughly == text)
    }
}
