// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Testing

/// Entities and requests from JSON: what they mean, and what is refused.
@Suite struct DataTests {
    private func entities(_ text: String) throws -> Entities {
        try Entities(json: Array(text.utf8))
    }

    private func entity(_ attributes: String, parents: String = "") -> String {
        #"[{"uid": {"type": "A", "id": "a"}, "attrs": \#(attributes), "parents": [\#(parents)]}]"#
    }

    @Test func everyFormOfValueIsRead() throws {
        let text = entity(
            #"""
            {"b": true, "n": -9223372036854775808, "s": "\u00e9", "l": [1, 1, 2], "r": {"x": {}},
             "e": {"__entity": {"type": "N::B", "id": "c"}}, "d": {"__extn": {"fn": "decimal", "arg": "1.5"}},
             "t": {"__extn": {"fn": "offset", "args": [{"__extn": {"fn": "datetime", "arg": "1970-01-01"}},
                                                         {"__extn": {"fn": "duration", "arg": "5ms"}}]}}}
            """#, parents: #"{"__entity": {"type": "N::B", "id": "c"}}"#)
        let found = try #require(try entities(text)[Ward.uid("A", "a")])
        #expect(found.attributes["n"] == .integer(.min))
        #expect(found.attributes["s"] == .string("\u{e9}"))
        #expect(found.attributes["l"] == .set([.integer(1), .integer(2)]))
        #expect(found.attributes["r"] == .record(["x": .record([:])]))
        #expect(found.attributes["e"] == .entity(try Ward.uid("N::B", "c")))
        #expect(found.attributes["t"] == .datetime(Datetime(milliseconds: 5)))
        #expect(found.parents == [try Ward.uid("N::B", "c")])
    }

    @Test(arguments: [
        (#"{"a": null}"#, "`null` is no value of the language"), (#"{"a": 1.0}"#, "`1.0` is no value of the language"),
        (#"{"a": 9223372036854775808}"#, "`9223372036854775808` is no value of the language"),
        (#"{"a": 1, "a": 2}"#, "malformed json: duplicate name"), ("[]", "expected an object"),
        (
            #"{"a": {"__entity": {"type": "A", "id": "a"}, "b": 1}}"#,
            "`__entity` may not stand here or not in this form"
        ),
        (#"{"a": {"__expr": "1"}}"#, "`__expr` may not stand here or not in this form"),
        (#"{"__entity": {"type": "A", "id": "a"}}"#, "`__entity` may not stand here or not in this form"),
        (#"{"a": {"__entity": {"type": "A B", "id": "a"}}}"#, "`A B` is no type"),
        (#"{"a": {"__entity": {"type": "A"}}}"#, "expected `type` and `id`"),
        (#"{"a": {"__extn": {"fn": "isIpv4", "arg": "1"}}}"#, "`__extn` may not stand here or not in this form"),
        (#"{"a": {"__extn": {"fn": "ip", "arg": "x"}}}"#, "`ip` has no value for its arguments"),
        (#"{"a": {"__extn": {"fn": "ip", "args": []}}}"#, "wrong number of arguments for `ip`"),
    ])
    func faultyAttributesAreRefused(attributes: String, message: String) throws {
        let error = try #require(throws: DataError.self) { try entities(entity(attributes)) }
        #expect(error.reason.description == message)
    }

    @Test func aFaultHasItsPlace() throws {
        let error = try #require(throws: DataError.self) {
            try entities("[\n {\"uid\": 1, \"attrs\": {}, \"parents\": []}]")
        }
        #expect(error.description == "expected `type` and `id` at line 2, column 10")
        #expect(throws: DataError.self) { try entities("{}") }
        #expect(throws: DataError.self) { try entities(#"[{"uid": {"type": "A", "id": ""}}]"#) }
        #expect(throws: DataError.self) {
            try entities(#"[{"uid": {"type": "A", "id": ""}, "attrs": {}, "parents": [], "x": 1}]"#)
        }
    }

    @Test func aContextOfOthersNamesNoEntities() throws {
        let ids =
            #""principal": {"type": "A", "id": "a"}, "action": {"type": "Action", "id": "r"}, "#
            + #""resource": {"type": "B", "id": "b"}"#
        let text = Array(#"{\#(ids), "context": {"x": {"__entity": {"type": "A", "id": "a"}}}}"#.utf8)
        #expect(try Request(json: text, escapes: .read).context["x"] == .entity(Ward.uid("A", "a")))
        let error = try #require(throws: DataError.self) { try Request(json: text, escapes: .refuse) }
        #expect(error.reason == .escape("__entity"))
        #expect(throws: DataError.self) { try Request(json: Array("{}".utf8), escapes: .read) }
    }

    @Test func whatIsAboveIsFoundThroughOthers() throws {
        let chain = try (0..<2_000).map { number in
            Entity(uid: try Ward.uid("A", Text("\(number)")), parents: [try Ward.uid("A", Text("\(number + 1)"))])
        }
        let entities = try Entities(chain.shuffled())
        #expect(entities.count == 2_000)
        #expect(entities.is(try Ward.uid("A", "0"), within: try Ward.uid("A", "2000")))
        #expect(!entities.is(try Ward.uid("A", "2000"), within: try Ward.uid("A", "0")))
        #expect(throws: EntitiesError.tooManyAncestors(limit: 1_000)) { try Entities(chain, limit: 1_000) }
    }

    @Test func cyclesAndDuplicatesAreRefused() throws {
        let (a, b, c) = (try Ward.uid("A", "a"), try Ward.uid("A", "b"), try Ward.uid("A", "c"))
        #expect(throws: EntitiesError.duplicate(a)) {
            try Entities([Entity(uid: a), Entity(uid: a, attributes: ["x": .bool(true)])])
        }
        #expect(try Entities([Entity(uid: a), Entity(uid: a)]).count == 1)
        #expect(throws: EntitiesError.cycle(a)) { try Entities([Entity(uid: a, parents: [a])]) }
        #expect(throws: EntitiesError.self) {
            try Entities([Entity(uid: a, parents: [b]), Entity(uid: b, parents: [c]), Entity(uid: c, parents: [a])])
        }
        let diamond = try Entities([Entity(uid: a, parents: [b, c]), Entity(uid: b, parents: [c]), Entity(uid: c)])
        #expect(diamond.is(a, within: c))
    }
}
