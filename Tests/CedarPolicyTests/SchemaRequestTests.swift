// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Testing

/// Requests that a schema foresees, and those that it does not.
@Suite struct SchemaRequestTests {
    private let schema: Schema

    init() throws {
        schema = try Schema(
            parsing: """
                entity Level enum ["low", "high"];
                entity Ward, House, Nurse;
                action group;
                action read in [group] appliesTo {
                    principal: [Nurse, Level], resource: [Ward, Level],
                    context: { from: ipaddr, who?: Nurse, level?: Level }
                };
                """)
    }

    private func request(
        _ principal: (Text, Text) = ("Nurse", "n"), _ action: Text = "read", _ resource: (Text, Text) = ("Ward", "w"),
        _ context: String = #"{"from": "::1"}"#, escapes: Escapes = .refuse
    ) throws -> Request {
        try Request(
            principal: Ward.uid(principal.0, principal.1), action: Ward.uid("Action", action),
            resource: Ward.uid(resource.0, resource.1), contextJSON: Array(context.utf8), schema: schema,
            escapes: escapes)
    }

    @Test func whatTheSchemaForeseesIsRead() throws {
        let context = #"{"from": "::1", "who": {"type": "Nurse", "id": "m"}, "level": {"type": "Level", "id": "low"}}"#
        let found = try request(("Level", "low"), "read", ("Level", "high"), context)
        #expect(found.context["who"] == .entity(try Ward.uid("Nurse", "m")))
        #expect(found.context["from"] == IPAddress("::1").map(Value.address))
        let json = #"""
            {"principal": {"type": "Nurse", "id": "n"}, "action": {"type": "Action", "id": "read"},
             "resource": {"type": "Ward", "id": "w"}, "context": {"from": "::1"}}
            """#
        #expect(try Request(json: Array(json.utf8), schema: schema, escapes: .refuse) == request())
    }

    @Test(
        arguments: [
            (("Cook", "c"), "read", ("Ward", "w"), "type `Cook` is not declared"),
            (("Nurse", "n"), "sing", ("Ward", "w"), "action `Action::\"sing\"` is not declared"),
            (("Nurse", "n"), "read", ("Cook", "w"), "type `Cook` is not declared"),
            (("House", "h"), "read", ("Ward", "w"), "action `Action::\"read\"` is not for principals of type `House`"),
            (("Nurse", "n"), "read", ("House", "h"), "action `Action::\"read\"` is not for resources of type `House`"),
            (("Level", "mid"), "read", ("Ward", "w"), "`Level::\"mid\"` is not among the ids of its type"),
            (("Nurse", "n"), "read", ("Level", "mid"), "`Level::\"mid\"` is not among the ids of its type"),
            (("Action", "read"), "read", ("Ward", "w"), "type `Action` is not declared"),
        ] as [((Text, Text), Text, (Text, Text), String)])
    func whatItDoesNotForeseeIsRefused(
        principal: (Text, Text), action: Text, resource: (Text, Text), message: String
    ) throws {
        let error = try #require(throws: DataError.self) { try request(principal, action, resource) }
        #expect(error.reason.description == message)
    }

    @Test func aGroupIsForNobody() throws {
        let error = try #require(throws: DataError.self) { try request(("Nurse", "n"), "group", ("Ward", "w"), "{}") }
        #expect(error.reason.description == "action `Action::\"group\"` is not for principals of type `Nurse`")
    }

    @Test(arguments: [
        ("{}", "attribute `from` is missing"), ("[]", "expected an object"), (#"{"from": 1}"#, "expected an ipaddr"),
        (#"{"from": "::1", "more": 1}"#, "attribute `more` is not declared"),
        (#"{"from": "::1", "who": {"type": "Ward", "id": "w"}}"#, "expected an entity of type `Nurse`"),
        (#"{"from": "::1", "level": {"type": "Level", "id": "x"}}"#, "`Level::\"x\"` is not among the ids of its type"),
        (
            #"{"from": "::1", "who": {"__entity": {"type": "Nurse", "id": "n"}}}"#,
            "`__entity` may not stand here or not in this form"
        ),
        (#"{"from": {"__extn": {"fn": "ip", "arg": "::1"}}}"#, "`__extn` may not stand here or not in this form"),
    ])
    func contextsKeepToTheirDeclaration(context: String, message: String) throws {
        let error = try #require(throws: DataError.self) {
            try request(("Nurse", "n"), "read", ("Ward", "w"), context)
        }
        #expect(error.reason.description == message)
        if message.hasPrefix("`__e") {
            #expect(throws: Never.self) {
                try request(("Nurse", "n"), "read", ("Ward", "w"), context, escapes: .read)
            }
        }
    }

    @Test func requestsMadeInCodeAreLookedAtToo() throws {
        let (nurse, read, ward) = (
            try Ward.uid("Nurse", "n"), try Ward.uid("Action", "read"), try Ward.uid("Ward", "w")
        )
        let good = Request(
            principal: nurse, action: read, resource: ward,
            context: ["from": try #require(IPAddress("::1").map(Value.address))])
        #expect(throws: Never.self) { try schema.validate(good) }
        #expect(throws: ConformanceError.missingAttribute("from")) {
            try schema.validate(Request(principal: nurse, action: read, resource: ward))
        }
        #expect(throws: ConformanceError.wrongType(expected: .address)) {
            try schema.validate(Request(principal: nurse, action: read, resource: ward, context: ["from": .integer(1)]))
        }
        #expect(throws: ConformanceError.misplaced(nurse, within: ward)) {
            try schema.validate(Entity(uid: nurse, parents: [ward]))
        }
        #expect(throws: ConformanceError.undeclaredTag("t")) {
            try schema.validate(Entity(uid: nurse, tags: ["t": .integer(1)]))
        }
    }
}
