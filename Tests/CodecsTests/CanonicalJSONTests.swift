// SPDX-License-Identifier: Apache-2.0

import Codecs
import Testing

@Suite("Canonical JSON")
struct CanonicalJSONTests {
    private func text(_ value: CanonicalValue) throws -> String {
        String(decoding: try value.encode(), as: UTF8.self)
    }

    @Test func membersAreSorted() throws {
        let value: CanonicalValue = ["b": 1, "a": [true, false, "x"], "": ["z": [:], "y": []]]
        #expect(try text(value) == "{\"\":{\"y\":[],\"z\":{}},\"a\":[true,false,\"x\"],\"b\":1}")
    }

    /// RFC 8785 section 3.2.3: the example for sorting, whose emoji comes before U+FB33 by UTF-16 units.
    @Test func namesSortByUTF16Units() throws {
        let value: CanonicalValue = [
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh", "1": "One",
            "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis",
        ]
        let names = try JSONDocument.parse(try value.encode()).root.members.map(\.name)
        #expect(names == ["\r", "1", "\u{80}", "\u{f6}", "\u{20ac}", "\u{1f600}", "\u{fb33}"])
    }

    @Test(arguments: [
        ("\u{8}\u{9}\u{a}\u{c}\u{d}", "\"\\b\\t\\n\\f\\r\""), ("\"\\/", "\"\\\"\\\\/\""),
        ("\u{0}\u{1}\u{f}\u{1f}", "\"\\u0000\\u0001\\u000f\\u001f\""),
        ("\u{7f}é😀\u{2028}", "\"\u{7f}é😀\u{2028}\""),
        ("\r\n", "\"\\r\\n\""),
    ])
    func escapesOnlyWhatMustBe(_ string: String, _ expected: String) throws {
        #expect(Array(try text(.string(string)).utf8) == Array(expected.utf8))
    }

    @Test func integersKeepToTheExactRange() throws {
        #expect(try text(9_007_199_254_740_991) == "9007199254740991")
        #expect(try text(-9_007_199_254_740_991) == "-9007199254740991")
        for number in [9_007_199_254_740_992, -9_007_199_254_740_992, Int64.max, Int64.min] {
            #expect(throws: CanonicalError.integerOutOfRange) { try CanonicalValue.integer(number).encode() }
        }
    }

    @Test func duplicatesAndDepthAreRefused() throws {
        #expect(throws: CanonicalError.duplicateName) {
            try CanonicalValue(dictionaryLiteral: ("a", 1), ("a", 2)).encode()
        }
        var value: CanonicalValue = []
        for _ in 1..<64 { value = [value] }
        #expect(try CanonicalValue.decode(try value.encode()) == value)
        #expect(throws: CanonicalError.tooDeep(limit: 64)) { try CanonicalValue.array([value]).encode() }
    }

    @Test func namesThatOnlyLookAlikeDiffer() throws {
        let value: CanonicalValue = ["e\u{301}": 1, "\u{e9}": 2]
        #expect(try CanonicalValue.decode(try value.encode())["\u{e9}"]?.integerValue == 2)
        #expect(CanonicalValue.string("e\u{301}") != CanonicalValue.string("\u{e9}"))
    }

    @Test func equalityIgnoresTheOrderOfMembersOnly() {
        let one: CanonicalValue = ["a": 1, "b": [1, 2]]
        #expect(one == ["b": [1, 2], "a": 1])
        #expect(one != ["b": [2, 1], "a": 1])
        #expect(one != ["a": 1])
        #expect(CanonicalValue.integer(1) != true)
    }

    @Test func accessorsAnswerForTheirKindOnly() {
        let value: CanonicalValue = ["text": "x", "list": [1, true]]
        #expect(value["text"]?.stringValue == "x")
        #expect(value["list"]?[0]?.integerValue == 1)
        #expect(value["list"]?[1]?.booleanValue == true)
        #expect(value["list"]?[2] == nil)
        #expect(value["list"]?["text"] == nil)
        #expect(value["text"]?.integerValue == nil)
        #expect(value.objectValue?.count == 2)
    }

    @Test(arguments: [
        "{}", "[]", "\"\"", "0", "-1", "true", "{\"a\":1,\"b\":[{\"c\":\"é\\n\"}]}", "\"\\u001f\"", "\"/\"",
    ])
    func readsWhatItWrites(_ text: String) throws {
        #expect(try CanonicalValue.decode(Array(text.utf8)).encode() == Array(text.utf8))
    }

    @Test(arguments: [
        " {}", "{} ", "[1, 2]", "{\"b\":1,\"a\":2}", "-0", "\"\\u0041\"", "\"\\/\"", "\"\\u001F\"", "\"\\u000a\"",
        "{\"a\": 1}",
        "\"\\uD83D\\uDE00\"",
    ])
    func refusesEveryOtherTextOfTheSameValue(_ text: String) throws {
        let error = try #require(throws: CanonicalError.self) { try CanonicalValue.decode(Array(text.utf8)) }
        guard case .notCanonical = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test(arguments: ["null", "1.0", "1e3", "[null]", "{\"a\":0.5}"])
    func refusesNullAndFractions(_ text: String) throws {
        let error = try #require(throws: CanonicalError.self) { try CanonicalValue.decode(Array(text.utf8)) }
        guard case .unsupportedValue = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func refusesNumbersOutOfRangeAndBrokenText() {
        #expect(throws: CanonicalError.integerOutOfRange) { try CanonicalValue.decode(Array("9007199254740992".utf8)) }
        #expect(throws: CanonicalError.integerOutOfRange) {
            try CanonicalValue.decode(Array("99999999999999999999999".utf8))
        }
        #expect(throws: CanonicalError.self) { try CanonicalValue.decode(Array("{".utf8)) }
    }

    @Test func damagedTextIsRefusedOrCanonical() throws {
        let sample = try CanonicalValue.decode(
            Array("{\"actor\":{\"id\":\"u-1\",\"type\":\"person\"},\"at\":1700000000000000,\"v\":1}".utf8)
        ).encode()
        var generator = SeededGenerator(seed: 8_785)
        var taken = 0
        for _ in 0..<10_000 {
            let bytes = sample.mutated(by: &generator)
            guard let value = try? CanonicalValue.decode(bytes) else { continue }
            taken += 1
            #expect(try value.encode() == bytes)
        }
        #expect(taken > 100)
    }
}
