// SPDX-License-Identifier: Apache-2.0

import Codecs
import Testing

@Suite("JSON values")
struct JSONNodeTests {
    private let text = """
        {"resourceType":"Patient","name":[{"family":"Dubois","given":["Ana\\u00efs","\\uD83D\\uDE00"]}],
         "n": -42, "f": 1.50, "yes":true, "no":false, "nothing":null, "esc\\u0061ped":"a\\/b\\n", "deep":{"name":1}}
        """

    @Test func looksUpNamesAndPlaces() throws {
        let root = try JSONDocument.parse(text).root
        #expect(root.at("name", 0, "family")?.string == "Dubois")
        #expect(root.at("name", 0, "given", 0)?.string == "Anaïs")
        #expect(root.at("name", 0, "given", 1)?.utf8 == Array("😀".utf8))
        #expect(root.at("name", 1) == nil)
        #expect(root.at("name", -1) == nil)
        #expect(root.at("n", "x") == nil)
        #expect(root["missing"] == nil)
        #expect(root["escaped"]?.string == "a/b\n")
        #expect(root["resourceType"]?.means("Patient") == true)
        #expect(root["resourceType"]?.means("Patien") == false)
        #expect(root["n"]?.means("-42") == false)
    }

    @Test func scalarsKeepTheirKind() throws {
        let root = try JSONDocument.parse(text).root
        #expect(root["n"]?.integer == -42)
        #expect(root["f"]?.integer == nil)
        #expect(root["f"]?.numberText == "1.50")
        #expect(root["yes"]?.bool == true)
        #expect(root["no"]?.bool == false)
        #expect(root["nothing"]?.isNull == true)
        #expect(root["nothing"]?.string == nil)
        #expect(root["n"]?.string == nil)
        #expect(root["yes"]?.integer == nil)
        #expect(root["resourceType"]?.bool == nil)
    }

    @Test(arguments: [
        ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min), ("0", 0), ("-0", 0),
        ("9223372036854775808", nil), ("-9223372036854775809", nil), ("1.0", nil), ("1e3", nil),
    ])
    func integersAreExact(_ text: String, _ value: Int64?) throws {
        #expect(try JSONDocument.parse(text).root.integer == value)
    }

    @Test func rangesAreTheExactSource() throws {
        let document = try JSONDocument.parse(text)
        let family = try #require(document.root.at("name", 0, "family"))
        #expect(Array(document.bytes[family.byteRange]) == Array("\"Dubois\"".utf8))
        #expect(Array(family.sourceBytes) == Array("\"Dubois\"".utf8))
        let deep = try #require(document.root["deep"])
        #expect(Array(deep.sourceBytes) == Array("{\"name\":1}".utf8))
    }

    @Test func membersAndElementsComeInOrder() throws {
        let root = try JSONDocument.parse("{\"b\":[1,[2,3],4],\"a\":{}}").root
        #expect(root.members.map(\.name) == ["b", "a"])
        #expect(root["b"]?.elements.map(\.kind) == [.number, .array, .number])
        #expect(root["b"]?.elements.compactMap(\.integer) == [1, 4])
        #expect(root.elements.map(\.kind) == [])
        #expect(root["b"]?.members.map(\.name) == [])
    }

    @Test func namesAreFoundAtAnyDepthButNotInValues() throws {
        let root = try JSONDocument.parse("{\"r\":\"1\",\"a\":[{\"r\":\"2\",\"x\":\"r\"},{\"y\":{\"\\u0072\":3}}]}")
            .root
        #expect(
            root.values(named: "r").map { Array($0.sourceBytes) } == ["\"1\"", "\"2\"", "3"].map { Array($0.utf8) })
        #expect(root["a"]?.values(named: "r").count == 2)
    }

    @Test func namesCompareAsBytes() throws {
        let root = try JSONDocument.parse("{\"e\u{301}\":1,\"\u{e9}\":2}").root
        #expect(root["e\u{301}"]?.integer == 1)
        #expect(root["\u{e9}"]?.integer == 2)
    }

    @Test func aPartOfAFileIsReadInPlace() throws {
        let bytes = Array("[1]\n{\"a\":\"\\u0041\"}\n[tru".utf8)
        let line = try JSONDocument.parse(bytes, in: 4..<18).root
        #expect(line["a"]?.string == "A")
        #expect(line.byteRange == 4..<18)
        let error = try #require(throws: JSONError.self) { try JSONDocument.parse(bytes, in: 19..<23) }
        #expect((error.reason, error.line, error.column) == (.unexpectedEnd, 3, 5))
        #expect(throws: JSONError.self) { try JSONDocument.parse(bytes, in: 4..<12) }
        #expect(throws: JSONError.self) { try JSONDocument.parse(bytes, in: 900..<901) }
    }
}
