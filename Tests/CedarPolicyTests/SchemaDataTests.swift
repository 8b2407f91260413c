// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Testing

/// Entities and requests that are read by a schema.
@Suite struct SchemaDataTests {
    private static let text = """
        entity Level enum ["low", "high"];
        entity Ward, House;
        entity Wing in [House];
        entity Nurse in [Ward, Wing, Level] {
            b?: Bool, n?: Long, s?: String, e?: Ward, l?: Level, a?: Action, set?: Set<ipaddr>, d?: decimal,
            i?: ipaddr, t?: datetime, p?: duration, r?: { x: Long, "__entity"?: String },
        } tags Set<Ward>;
        entity Strict { must: Long };
        action group;
        action part in [group];
        action read, write in [part] appliesTo {
            principal: [Nurse, Level], resource: [Ward, Level], context: { from: ipaddr, who?: Nurse, level?: Level }
        };
        """

    private func schema() throws -> Schema {
        try Schema(parsing: Self.text)
    }

    private func nurse(_ attributes: String) throws -> Entity {
        let json = #"[{"uid": {"type": "Nurse", "id": "n"}, "attrs": {\#(attributes)}, "parents": []}]"#
        return try #require(try Entities(json: Array(json.utf8), schema: schema())[Ward.uid("Nurse", "n")])
    }

    @Test func typesSayWhatATextMeans() throws {
        let found = try nurse(
            #"""
            "b": true, "n": -1, "s": "1.0", "e": {"type": "Ward", "id": "w"}, "l": {"__entity": {"type": "Level", "id": "low"}},
            "a": {"type": "Action", "id": "read"}, "set": ["10.0.0.1", {"fn": "ip", "arg": "10.0.0.1"}], "d": "1.0",
            "i": {"__extn": {"fn": "ip", "arg": "::1"}}, "t": {"fn": "offset", "args": ["1970-01-01", "5ms"]},
            "p": {"__extn": {"fn": "toTime", "arg": {"fn": "datetime", "arg": "1970-01-01T00:00:00.007Z"}}},
            "r": {"x": 1, "__entity": "text"}
            """#
        ).attributes
        #expect(found["s"] == .string("1.0"))
        #expect(found["d"] == Decimal("1.0").map(Value.decimal))
        #expect(found["e"] == .entity(try Ward.uid("Ward", "w")))
        #expect(found["l"] == .entity(try Ward.uid("Level", "low")))
        #expect(found["a"] == .entity(try Ward.uid("Action", "read")))
        #expect(found["set"] == IPAddress("10.0.0.1").map { Value.set([.address($0)]) })
        #expect(found["t"] == .datetime(Datetime(milliseconds: 5)))
        #expect(found["p"] == .duration(Milliseconds(count: 7)))
        #expect(found["r"] == .record(["x": .integer(1), "__entity": .string("text")]))
        #expect(found.count == 12)
    }

    @Test(arguments: [
        (#""b": 1"#, "expected true or false"), (#""n": "1""#, "expected an integer"),
        (#""s": 1"#, "expected a string"),
        (#""s": {"__extn": {"fn": "decimal", "arg": "1.0"}}"#, "expected a string"),
        (#""e": "w""#, "expected an entity of type `Ward`"), (#""e": {"id": "w"}"#, "expected `type` and `id`"),
        (#""e": {"type": "House", "id": "h"}"#, "expected an entity of type `Ward`"),
        (
            #""e": {"__entity": {"type": "Ward", "id": "h"}, "x": 1}"#,
            "`__entity` may not stand here or not in this form"
        ),
        (#""l": {"type": "Level", "id": "mid"}"#, "`Level::\"mid\"` is not among the ids of its type"),
        (#""a": {"type": "Action", "id": "sing"}"#, "action `Action::\"sing\"` is not declared"),
        (#""set": "10.0.0.1""#, "expected a set"), (#""set": ["x"]"#, "`ip` has no value for its arguments"),
        (#""set": [1]"#, "expected an ipaddr"), (#""set": {}"#, "expected a set"),
        (#""d": 1"#, "expected a decimal"), (#""d": "1""#, "`decimal` has no value for its arguments"),
        (#""d": {"fn": "ip", "arg": "::1"}"#, "expected a decimal"),
        (#""d": {"fn": "lessThan", "args": ["1.0", "2.0"]}"#, "`__extn` may not stand here or not in this form"),
        (#""t": {"fn": "offset", "args": ["1970-01-01"]}"#, "`__extn` may not stand here or not in this form"),
        (#""r": {}"#, "attribute `x` is missing"), (#""r": {"x": 1, "y": 1}"#, "attribute `y` is not declared"),
        (#""r": {"x": "1"}"#, "expected an integer"), (#""r": []"#, "expected a record"),
        (#""z": 1"#, "attribute `z` is not declared"), (#""n": null"#, "`null` is no value of the language"),
    ])
    func valuesOfOtherTypesAreRefused(attributes: String, message: String) throws {
        let error = try #require(throws: DataError.self) { try nurse(attributes) }
        #expect(error.reason.description == message)
    }

    @Test(arguments: [
        (
            #"{"type": "Nurse", "id": "n"}"#, "{}", #"[{"type": "Ward", "id": "w"}, {"type": "House", "id": "h"}]"#,
            "{}", ""
        ),
        (#"{"type": "Nurse", "id": "n"}"#, "{}", "[]", #"{"k": [{"type": "Ward", "id": "w"}]}"#, ""),
        (#"{"type": "Level", "id": "low"}"#, "{}", "[]", "{}", ""),
        (#"{"type": "Strict", "id": ""}"#, #"{"must": 1}"#, "[]", "{}", ""),
        (#"{"type": "Action", "id": "group"}"#, "{}", "[]", "{}", ""),
        (#"{"type": "Cook", "id": "c"}"#, "{}", "[]", "{}", "type `Cook` is not declared"),
        (#"{"type": "Level", "id": "mid"}"#, "{}", "[]", "{}", "`Level::\"mid\"` is not among the ids of its type"),
        (#"{"type": "Level", "id": "low"}"#, #"{"x": 1}"#, "[]", "{}", "attribute `x` is not declared"),
        (#"{"type": "Strict", "id": ""}"#, "{}", "[]", "{}", "attribute `must` is missing"),
        (#"{"type": "Strict", "id": ""}"#, "[]", "[]", "{}", "expected an object"),
        (#"{"type": "Ward", "id": ""}"#, "{}", "[]", #"{"k": 1}"#, "tag `k` on a type without tags"),
        (#"{"type": "Nurse", "id": ""}"#, "{}", "[]", #"{"k": 1}"#, "expected a set"),
        (
            #"{"type": "Ward", "id": "w"}"#, "{}", #"[{"type": "House", "id": "h"}]"#, "{}",
            "`Ward::\"w\"` may not be in `House::\"h\"`"
        ),
        (
            #"{"type": "Nurse", "id": "n"}"#, "{}", #"[{"type": "Level", "id": "mid"}]"#, "{}",
            "`Level::\"mid\"` is not among the ids of its type"
        ),
        (
            #"{"type": "Nurse", "id": "n"}"#, "{}", #"[{"type": "Action", "id": "read"}]"#, "{}",
            "`Nurse::\"n\"` may not be in `Action::\"read\"`"
        ),
        (#"{"type": "Action", "id": "sing"}"#, "{}", "[]", "{}", "action `Action::\"sing\"` is not declared"),
        (
            #"{"type": "Action", "id": "group"}"#, #"{"x": 1}"#, "[]", "{}",
            "action `Action::\"group\"` is declared otherwise"
        ),
        (#"{"type": "Action", "id": "read"}"#, "{}", "[]", "{}", "action `Action::\"read\"` is declared otherwise"),
        // `part` is not in these data, so nothing says that `read` is in `group`.
        (
            #"{"type": "Action", "id": "read"}"#, "{}", #"[{"type": "Action", "id": "part"}]"#, "{}",
            "action `Action::\"read\"` is declared otherwise"
        ),
        (
            #"{"type": "Action", "id": "read"}"#, "{}",
            #"[{"type": "Action", "id": "part"}, {"type": "Action", "id": "group"}]"#, "{}", ""
        ),
    ])
    func entitiesKeepToTheirDeclaration(
        uid: String, attributes: String, parents: String, tags: String, message: String
    ) throws {
        let json = #"[{"uid": \#(uid), "attrs": \#(attributes), "parents": \#(parents), "tags": \#(tags)}]"#
        do {
            let entities = try Entities(json: Array(json.utf8), schema: schema())
            #expect(message.isEmpty)
            #expect(entities.is(try Ward.uid("Action", "write"), within: try Ward.uid("Action", "group")))
        } catch let error as DataError {
            #expect(error.reason.description == message)
        }
    }

    @Test func actionsComeFromTheSchema() throws {
        let entities = try Entities(json: Array("[]".utf8), schema: schema())
        #expect(entities.count == 4)
        #expect(entities[try Ward.uid("Action", "read")]?.parents == [try Ward.uid("Action", "part")])
        let chain = #"""
            [{"uid": {"type": "Action", "id": "read"}, "attrs": {}, "parents": [{"type": "Action", "id": "part"}]},
             {"uid": {"type": "Action", "id": "part"}, "attrs": {}, "parents": [{"type": "Action", "id": "group"}]}]
            """#
        #expect(try Entities(json: Array(chain.utf8), schema: schema()).count == 4)
    }
}
