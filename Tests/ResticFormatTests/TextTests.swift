// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ResticFormat

struct TextTests {
    /// What restic 0.18 was seen to write, and what Go's documentation of `strconv.Quote` says.
    static let names: [([UInt8], String)] = [
        (Array("plain name.txt".utf8), "plain name.txt"),
        (Array(#"a"b\c"#.utf8), #"a\"b\\c"#),
        (Array("bad".utf8) + [0xFF] + Array("name".utf8), #"bad\xffname"#),
        (Array("\u{7}\u{8}\u{C}\n\r\t\u{B}".utf8), #"\a\b\f\n\r\t\v"#),
        ([0x01, 0x1F, 0x7F], #"\x01\x1f\x7f"#),
        (Array("\u{AD}".utf8), #"\u00ad"#),
        (Array("\u{2028}\u{A0}".utf8), #"\u2028\u00a0"#),
        (Array("é<&>".utf8), "é<&>"),
        (Array("\u{FFFD}".utf8), "\u{FFFD}"),
        // A character half: three bytes that are none.
        ([0xED, 0xA0, 0x80], #"\xed\xa0\x80"#),
        // Assigned in Unicode 16, which Go's tables do not have; and in none.
        (Array("\u{1C89}".utf8), #"\u1c89"#),
        (Array("\u{E0000}\u{10FFFF}".utf8), #"\U000e0000\U0010ffff"#),
        (Array("😀".utf8), "😀"),
    ]

    @Test(arguments: names)
    func namesAreQuotedAsGoDoes(name: [UInt8], quoted: String) {
        var text: [UInt8] = []
        GoQuotation.append(name, to: &text)
        #expect(String(decoding: text, as: UTF8.self) == quoted)
        #expect(GoQuotation.unquote(text) == name)
    }

    @Test
    func anyBytesComeBack() {
        var dice = SplitMix64(seed: 1)
        for _ in 0..<20_000 {
            let name = (0..<Int.random(in: 1...12, using: &dice)).map { _ in UInt8.random(in: 1...255, using: &dice) }
            var text: [UInt8] = []
            GoQuotation.append(name, to: &text)
            #expect(String(validating: text, as: UTF8.self) != nil)
            #expect(GoQuotation.unquote(text) == name)
        }
    }

    @Test(arguments: [#"\"#, #"\x"#, #"\xg0"#, #"\400"#, #"\ud800"#, #"\U00110000"#, #"\q"#, #"a"b"#, "a\nb", #"\x+1"#])
    func whatGoRefusesIsRefused(text: String) {
        #expect(GoQuotation.unquote(Array(text.utf8)) == nil)
    }

    @Test
    func octalEscapesAreRead() {
        #expect(GoQuotation.unquote(Array(#"\101\377"#.utf8)) == [0x41, 0xFF])
    }

    static let strings: [([UInt8], String)] = [
        (Array("<&>é".utf8), #""\u003c\u0026\u003eé""#),
        (Array("\u{2028}\u{2029}\u{202A}".utf8), "\"\\u2028\\u2029\u{202A}\""),
        (Array("t".utf8) + [0xFF] + Array("gt".utf8), #""t\ufffdgt""#),
        (Array("\"\\\n\r\t\u{8}\u{C}\u{1}\u{7F}".utf8), "\"\\\"\\\\\\n\\r\\t\\b\\f\\u0001\u{7F}\""),
    ]

    @Test(arguments: strings)
    func stringsAreWrittenAsGoDoes(text: [UInt8], json: String) {
        var bytes: [UInt8] = []
        GoJSON.append(text, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == json)
    }

    static let times: [(Timestamp, String)] = [
        (Timestamp(seconds: 0), "1970-01-01T00:00:00Z"),
        (Timestamp(seconds: 1_700_000_000, nanoseconds: 120_000_000, offset: 3_600), "2023-11-14T23:13:20.12+01:00"),
        (Timestamp(seconds: -1, nanoseconds: 999_999_999), "1969-12-31T23:59:59.999999999Z"),
        (Timestamp(seconds: 1_700_000_000, offset: -12_600), "2023-11-14T18:43:20-03:30"),
        (Timestamp(seconds: 951_782_400, nanoseconds: 1), "2000-02-29T00:00:00.000000001Z"),
    ]

    @Test(arguments: times)
    func timesAreWrittenAsGoDoes(time: Timestamp, text: String) {
        #expect(time.text == text)
        #expect(Timestamp(text.utf8) == time)
    }

    @Test
    func yearsThatNoTextHoldsAreBroughtToItsBounds() {
        #expect(Timestamp(seconds: -62_198_755_200).text == "0000-01-01T00:00:00Z")
        #expect(Timestamp(seconds: 300_000_000_000).text.hasPrefix("9999-"))
        #expect(Timestamp(seconds: .max, nanoseconds: 7).text.hasSuffix(".000000007Z"))
        #expect(Timestamp(seconds: .min).text.hasPrefix("0000-"))
    }

    @Test(arguments: [
        "", "2023-02-29T00:00:00Z", "2023-01-01 00:00:00Z", "2023-01-01T24:00:00Z", "2023-01-01T00:00:00",
        "2023-01-01T00:00:00.Z", "2023-01-01T00:00:00.1234567890Z", "2023-01-01T00:00:00+24:00",
        "2023-01-01T00:00:00Zx",
    ])
    func whatIsNoTimeIsRefused(text: String) {
        #expect(Timestamp(text.utf8) == nil)
    }
}
