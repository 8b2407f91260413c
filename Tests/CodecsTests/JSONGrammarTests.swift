// SPDX-License-Identifier: Apache-2.0

import Codecs
import Testing

@Suite("JSON grammar")
struct JSONGrammarTests {
    @Test(arguments: JSONCases.good)
    func takes(_ text: String) throws {
        let document = try JSONDocument.parse(text)
        #expect(!document.root.byteRange.isEmpty)
    }

    @Test(arguments: JSONCases.bad)
    func refuses(_ text: String, _ reason: String) {
        let error = #expect(throws: JSONError.self) { try JSONDocument.parse(text) }
        #expect(error?.reason.description.hasPrefix(reason) == true, "\(String(describing: error))")
    }

    @Test(arguments: JSONCases.invalidUTF8)
    func refusesInvalidUTF8(_ content: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        let error = #expect(throws: JSONError.self) { try JSONDocument.parse([quote] + content + [quote]) }
        #expect(error?.reason == .invalidUTF8)
        #expect(throws: JSONError.self) { try JSONDocument.parse([quote] + content) }
    }

    @Test func errorNamesThePlaceAndQuotesNothing() throws {
        let error = try #require(throws: JSONError.self) {
            try JSONDocument.parse("{\n  \"secret\": 1,\r\n  \"secret\": 2\n}")
        }
        #expect(error.reason == .duplicateName)
        #expect((error.offset, error.line, error.column) == (20, 3, 3))
        #expect(error.description == "duplicate name at line 3, column 3 (byte 20)")
    }

    @Test func theEarliestDuplicateIsNamedHoweverManyMembers() throws {
        let members = (0..<50).map { "\"k\($0)\":0" } + ["\"k7\":1", "\"k3\":1"]
        let text = "{\(members.joined(separator: ","))}"
        let error = try #require(throws: JSONError.self) { try JSONDocument.parse(text) }
        let place = Array(text.utf8)[error.offset...]
        #expect(error.reason == .duplicateName)
        #expect(place.starts(with: "\"k7\":1".utf8))
    }
}

@Suite("JSON limits")
struct JSONLimitTests {
    private func nested(_ depth: Int) -> [UInt8] {
        Array(String(repeating: "[", count: depth).utf8) + Array(String(repeating: "]", count: depth).utf8)
    }

    @Test func depthIsBounded() throws {
        #expect(try JSONDocument.parse(nested(64)).root.kind == .array)
        let error = #expect(throws: JSONError.self) { try JSONDocument.parse(nested(65)) }
        #expect(error?.reason == .tooDeep(limit: 64))
        #expect(error?.offset == 64)
        #expect(throws: JSONError.self) { try JSONDocument.parse(nested(1_000_000)) }
        #expect(throws: JSONError.self) { try JSONDocument.parse([UInt8](repeating: 0x5B, count: 1_000_000)) }
        let objects = Array(String(repeating: "{\"a\":", count: 65).utf8)
        let second = #expect(throws: JSONError.self) { try JSONDocument.parse(objects) }
        #expect(second?.reason == .tooDeep(limit: 64))
    }

    @Test func limitsAreBroughtToThePossible() throws {
        let limits = JSONLimits(bytes: -1, depth: Int.max, values: 0)
        #expect(limits == JSONLimits(bytes: 0, depth: 2_048, values: 1))
        #expect(throws: JSONError.self) { try JSONDocument.parse("1", limits: limits) }
    }

    @Test func sizeIsBoundedBeforeAnythingIsRead() {
        let large = [UInt8](repeating: UInt8(ascii: "x"), count: 100 << 20)
        let error = #expect(throws: JSONError.self) { try JSONDocument.parse(large, limits: JSONLimits(bytes: 1_000)) }
        #expect(error?.reason == .tooLarge(limit: 1_000))
    }

    @Test func valuesAreBounded() {
        let limits = JSONLimits(values: 10)
        #expect(throws: Never.self) { try JSONDocument.parse("[1,2,3,4,5,6,7,8,9]", limits: limits) }
        let error = #expect(throws: JSONError.self) {
            try JSONDocument.parse("[1,2,3,4,5,6,7,8,9,0]", limits: limits)
        }
        #expect(error?.reason == .tooManyValues(limit: 10))
    }

    @Test func aHundredThousandMembersStayLinear() throws {
        let count = 100_000
        let text = "{" + (0..<count).map { "\"name-\($0)\":\($0)" }.joined(separator: ",") + "}"
        let clock = ContinuousClock()
        var last: Int64?
        let time = try clock.measure {
            last = try JSONDocument.parse(text).root["name-\(count - 1)"]?.integer
        }
        #expect(last == Int64(count - 1))
        // Quadratic comparison would take minutes.
        #expect(time < .seconds(5))
        #expect(throws: JSONError.self) { try JSONDocument.parse(String(text.dropLast()) + ",\"name-500\":0}") }
    }
}
