// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Testing

@testable import Access

/// What is wrong in the texts that an application brings is said with its place, and nothing wrong is taken in.
struct PolicyStoreTests {
    @Test func theFixtureOfTheScenarioIsTakenIn() throws {
        let store = try PolicyStore(CertificationFixture.texts)
        #expect(store.entities.count == 4 && store.policies.policies.count == 4 && store.actions.count == 3)
        #expect(store.policies.policies.map(\.id.string).contains("alice-writes"))
    }

    private static let schema =
        "entity user; entity record = { status?: String };\n"
        + "action read appliesTo { principal: user, resource: record };"
    private static let permit = "permit (principal, action, resource);"

    @Test(arguments: [
        ("entity user\nentity", permit, "[]", PolicyTexts.Part.schema, 2, "expected"),
        (
            schema, "permit (principal, action, resource)\nwhen { resource.status == \"x\" };", "[]", .policies, 2,
            "may lack"
        ),
        (schema, "\n\npermit (principal, action == Action::\"fly\", resource);", "[]", .policies, 3, "no action"),
        (schema, "permit (principal, action, resource)", "[]", .policies, 1, "expected"),
        (schema, permit + "\n@id(\"Not plain\") " + permit, "[]", .policies, 2, "@id"),
        (schema, "@id(\"a\") \(permit)\n@id(\"a\") \(permit)", "[]", .policies, 2, "another policy"),
        (schema, permit + "\n@id(\"policy0\") " + permit, "[]", .policies, 2, "another policy"),
        (schema, "permit (principal == ?principal, action, resource);", "[]", .policies, 1, "template"),
        (
            schema, permit, "[\n{\"uid\": {\"type\": \"ship\", \"id\": \"a\"}, \"attrs\": {}, \"parents\": []}]",
            .entities, 2, "not declared"
        ),
        (
            schema, permit,
            "[\n{\"uid\": {\"type\": \"record\", \"id\": \"a\"}, \"attrs\": {\"status\":\n 1}, \"parents\": []}]",
            .entities, 3, "string"
        ),
        (schema, permit, "{}", .entities, 1, "array"),
        (schema, permit, "[", .entities, 1, "json"),
        (
            "namespace A { entity user; action read appliesTo { principal: user, resource: user }; }\n"
                + "namespace B { entity user; action read appliesTo { principal: user, resource: user }; }", "", "[]",
            .schema, 1, "two namespaces"
        ),
    ])
    func whatIsWrongIsSaidWithItsPlace(
        schema: String, policies: String, entities: String, part: PolicyTexts.Part, line: Int, words: String
    ) {
        let texts = CertificationFixture.texts(schema, policies, entities)
        let error = #expect(throws: PolicyTextError.self) { _ = try PolicyStore(texts) }
        #expect(error?.part == part && error?.line == line, "\(String(describing: error))")
        #expect(error?.reason.contains(words) == true, "\(String(describing: error))")
    }

    @Test(arguments: PolicyTexts.Part.allCases)
    func textsHaveALimit(part: PolicyTexts.Part) {
        var texts = CertificationFixture.texts
        texts[part] += [UInt8](repeating: UInt8(ascii: " "), count: part.limit + 1)
        let error = #expect(throws: PolicyTextError.self) { _ = try PolicyStore(texts) }
        #expect(error?.part == part && error?.reason.contains("longer") == true)
    }

    @Test(arguments: ["", " x", "x ", "-x", "a\nb", "käse", String(repeating: "a", count: 61), "a/b"])
    func namesThatAreNone(name: String) {
        #expect(ApplicationName(name) == nil)
        #expect(ApplicationName("Lab portal 2.0_a-b")?.text == "Lab portal 2.0_a-b")
    }
}
