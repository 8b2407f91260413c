// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Testing

/// Schemas in both syntaxes: what they mean, and what is refused where.
@Suite struct SchemaTests {
    static let clinic = """
        @doc("outside")
        type Contact = { mail: String, phone?: String };
        namespace Clinic {
            entity Ward;
            entity Level enum ["low", "high"];
            entity Person in [Ward] { born: datetime, "best friend"?: Person, contact: Contact, pay: __cedar::decimal }
                tags Set<String>;
            entity Nurse, Doctor in Person = { level: Level };
            action care;
            action "see", treat in [care, Clinic::Action::"care"] appliesTo {
                principal: [Nurse, Doctor], resource: Person, context: { from: ipaddr, @why("x") until?: Times, },
            };
            type Times = Set<{ at: datetime, long: duration, doing: Action }>;
        }
        """

    @Test func bothSyntaxesMeanTheSame() throws {
        let schema = try Schema(parsing: Self.clinic)
        #expect(try Schema(json: Array(Self.clinicJSON.utf8)) == schema)
        let person = try #require(schema.entityTypes[Ward.type("Clinic::Person")])
        #expect(person.tags == .set(.string))
        #expect(person.ancestors == [try Ward.type("Clinic::Ward")])
        #expect(
            person.attributes["best friend"]
                == AttributeType(.entity(try Ward.type("Clinic::Person")), isRequired: false))
        #expect(
            person.attributes["contact"]?.type
                == .record([
                    "mail": AttributeType(.string), "phone": AttributeType(.string, isRequired: false),
                ]))
        #expect(person.attributes["pay"]?.type == .decimal)
        let doctor = try #require(schema.entityTypes[Ward.type("Clinic::Doctor")])
        #expect(doctor.ancestors == [try Ward.type("Clinic::Person"), try Ward.type("Clinic::Ward")])
        #expect(schema.entityTypes[try Ward.type("Clinic::Level")]?.ids == ["low", "high"])
        let treat = try #require(schema.actions[Ward.uid("Clinic::Action", "treat")])
        #expect(treat.principals == [try Ward.type("Clinic::Nurse"), try Ward.type("Clinic::Doctor")])
        #expect(treat.parents == [try Ward.uid("Clinic::Action", "care")] && treat.ancestors == treat.parents)
        #expect(treat.context["from"] == AttributeType(.address))
        #expect(treat.context["until"]?.isRequired == false)
        #expect(schema.entityTypes.count == 5 && schema.actions.count == 3)
    }

    @Test(arguments: [
        // A namespace comes before none, and a common type before a type of entities.
        ("entity A; namespace N { entity B { x: A }; }", Ward.entity("A")),
        ("entity A; type A = Long; entity B { x: A };", .integer),
        ("namespace M { entity A; } namespace N { type A = Bool; entity B { x: A }; }", .bool),
        ("namespace M { entity A; } namespace N { type A = Bool; entity B { x: M::A }; }", Ward.entity("M::A")),
        // The names of built-in types are free, and the long names stay.
        ("entity Long; entity B { x: Long };", Ward.entity("Long")),
        ("entity Long; entity B { x: __cedar::Long };", .integer),
        ("namespace N { type ipaddr = Long; entity B { x: ipaddr }; }", .integer),
        ("type decimal = Set<__cedar::decimal>; entity B { x: decimal };", .set(.decimal)),
        ("entity Set; entity B { x: Set };", Ward.entity("Set")),
        ("type T = U; type U = Set<V>; type V = Bool; entity B { x: T };", .set(.bool)),
        ("action a; entity B { x: Action };", Ward.entity("Action")),
        ("action a; namespace N { action b; entity B { x: Action }; }", Ward.entity("N::Action")),
        ("entity entity, type, action, namespace; entity B { x: type };", Ward.entity("type")),
    ])
    func namesAreLookedUp(text: String, type: ValueType) throws {
        let schema = try Schema(parsing: text)
        let found = schema.entityTypes.filter { $0.key.text == "B" || $0.key.text == "N::B" }.values.first
        #expect(found?.attributes["x"] == AttributeType(type))
    }

    @Test(arguments: [
        ("entity A", "expected `;`, found the end at line 1, column 9"),
        ("entity A;\nentity A;", "`A` stands twice at line 2, column 8"),
        ("type A = Long; type A = Long;", "`A` stands twice at line 1, column 21"),
        ("action a, \"a\";", "`a` stands twice at line 1, column 11"),
        ("namespace N {} namespace N {}", "`N` stands twice at line 1, column 26"),
        ("entity A { x: Long, x?: Long };", "`x` stands twice at line 1, column 21"),
        ("@a @a entity A;", "annotation `a` stands twice at line 1, column 5"),
        ("entity Action;", "`Action` is a reserved name at line 1, column 8"),
        ("type Bool = Long;", "`Bool` is a reserved name at line 1, column 6"),
        ("entity __cedar;", "`__cedar` is a reserved word at line 1, column 8"),
        ("namespace A::__cedar {}", "`__cedar` is a reserved word at line 1, column 14"),
        ("entity A { if: Long };", "`if` is a reserved word at line 1, column 12"),
        ("entity A { x: B };", "`B` is not declared at line 1, column 15"),
        ("entity A { x: __cedar::B };", "`__cedar::B` is not declared at line 1, column 15"),
        ("entity A { x: Action };", "`Action` is not declared at line 1, column 15"),
        ("entity A in [B];", "`B` is not declared at line 1, column 14"),
        ("action a; entity A in Action;", "`Action` is not declared at line 1, column 23"),
        ("type T = B;", "`B` is not declared at line 1, column 10"),
        ("action a in b;", "`b` is not declared at line 1, column 13"),
        ("action a in a;", "action `Action::\"a\"` is in itself at line 1, column 1"),
        ("type T = Set<U>; type U = { t?: T };", "type `T` is part of itself at line 1, column 33"),
        (
            "entity A; namespace N { type A = Long; }",
            "`A` is declared outside all namespaces, too at line 1, column 30"
        ),
        ("action a; namespace N { action a; }", "`a` is declared outside all namespaces, too at line 1, column 32"),
        (
            "entity A; action a appliesTo { principal: A };",
            "expected `principal` and `resource`, found `}` at line 1, column 45"
        ),
        (
            "entity A; action a appliesTo { principal: [], resource: A };",
            "expected a type, found `[]` at line 1, column 43"
        ),
        (
            "entity A; action a appliesTo { principal: A, principal: A };",
            "record names `principal` twice at line 1, column 46"
        ),
        ("action a appliesTo {};", "expected `principal`, `resource` or `context`, found `}` at line 1, column 21"),
        (
            "entity A; action a appliesTo { principal: A, resource: A, context: A };",
            "`A` is not declared at line 1, column 68"
        ),
        (
            "entity A; action a appliesTo { principal: A, resource: A, context: Long };",
            "the context of an action is no record at line 1, column 68"
        ),
        (
            "entity Bool; action a appliesTo { principal: Bool, resource: Bool, context: Bool };",
            "`Bool` is not declared at line 1, column 77"
        ),
        ("entity A enum [];", "expected a string, found `]` at line 1, column 16"),
        ("entity A enum [\"a\"] in A;", "expected `;`, found `in` at line 1, column 21"),
        ("entity A in [A,];", "`]`"),
    ])
    func faultySchemasAreRefused(text: String, message: String) throws {
        let error = try #require(throws: SchemaError.self) { try Schema(parsing: text) }
        #expect(error.description == message || error.description.contains("found \(message)"))
    }

    @Test func schemasAreWrittenAsTheyAreRead() throws {
        let text = #"""
            entity Long enum ["a\"b"];
            namespace N {
              entity A in [N::A, N::B] { "a b"?: __cedar::Long, b: Set<{ c: String }> } tags N::Action;
              entity B;
              action "b";
              action "c" in [N::Action::"b"] appliesTo { principal: [Long, N::A], resource: [N::B], context: { x: ipaddr } };
            }
            """#
        #expect(try Schema(parsing: text).description == text + "\n")
        let clinic = try Schema(parsing: Self.clinic)
        #expect(try Schema(parsing: clinic.description) == clinic)
    }

    @Test func typesThatGrowWithoutEndAreRefused() throws {
        let doubling = (1...40).map { "type T\($0) = { a: T\($0 - 1), b: T\($0 - 1) };" }.joined()
        let deep = (1...130).map { "type T\($0) = T\($0 - 1);" }.joined()
        let wide = "entity A; entity " + (1...1_500).map { "B\($0)" }.joined(separator: ",") + " in A;"
        let chain = "entity B0;" + (1...1_500).map { "entity B\($0) in B\($0 - 1);" }.joined()
        for (text, reason) in [
            ("type T0 = Long;" + doubling, SchemaError.Reason.tooManyParts(limit: 4_000_000)),
            ("type T0 = Long;" + deep, .tooDeep(limit: 128)), (chain, .tooManyAncestors(limit: 1_000_000)),
        ] {
            let error = try #require(throws: SchemaError.self) { try Schema(parsing: text) }
            #expect(error.reason == reason)
        }
        #expect(try Schema(parsing: wide).entityTypes.count == 1_501)
        let nested =
            "entity A {x: " + String(repeating: "Set<", count: 200) + "Long" + String(repeating: ">", count: 200)
        #expect(throws: SchemaError.self) { try Schema(parsing: nested + "};") }
    }

    @Test func schemasCutAtAnyByteAreNeverATrap() throws {
        for text in [Array(Self.clinic.utf8), Array(Self.clinicJSON.utf8)] {
            for end in text.indices {
                _ = try? Schema(parsing: Array(text[..<end]))
                _ = try? Schema(json: Array(text[..<end]))
            }
        }
    }
}

extension Ward {
    static func type(_ name: Text) throws -> TypeName {
        try #require(TypeName(name))
    }

    static func entity(_ name: Text) -> ValueType {
        TypeName(name).map(ValueType.entity) ?? .bool
    }
}
