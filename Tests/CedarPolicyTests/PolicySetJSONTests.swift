// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Testing

/// Sets of policies as JSON: static policies, templates and links.
@Suite struct PolicySetJSONTests {
    private static let everyone =
        #"{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}"#
    private static let template =
        #"{"effect":"permit","principal":{"op":"in","slot":"?principal"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}"#

    private func set(policies: String = "", templates: String = "", links: String = "") -> String {
        #"{"staticPolicies":{\#(policies)},"templates":{\#(templates)},"templateLinks":[\#(links)]}"#
    }

    @Test func policiesTemplatesAndLinksComeBack() throws {
        let json = set(
            policies: #""all of \"us\"":\#(Self.everyone)"#, templates: #""t":\#(Self.template)"#,
            links: #"{"templateId":"t","newId":"l","values":{"?principal":{"type":"Ward","id":"w1"}}}"#)
        let read = try PolicySet(json: Array(json.utf8))
        #expect(read.policies.map(\.id) == ["all of \"us\"", "l"])
        #expect(read.policies.last?.principal.reference?.description == #"Ward::"w1""#)
        #expect(String(decoding: read.json, as: UTF8.self) == json)
    }

    @Test func whatWasLinkedFromTextIsWrittenAsALink() throws {
        var set = try PolicySet(parsing: "permit(principal in ?principal, action, resource);")
        let ward = EntityUID(type: try #require(TypeName("Ward")), id: "w1")
        try set.link("policy0", as: "a", [.principal: ward])
        let link = try #require(set.links.first)
        #expect(link.template == "policy0" && link.id == "a" && link.entities == [.principal: ward])
        #expect(try PolicySet(json: set.json) == set)
    }

    @Test(arguments: [
        (#""t":TEMPLATE"#, "", "", "slot `?principal` may not stand here"),
        ("", #""p":EVERYONE"#, "", "expected a template, found a policy without slots"),
        (#""a":EVERYONE"#, #""a":TEMPLATE"#, "", "policy `a` exists already"),
        ("", "", #"{"templateId":"t","newId":"l","values":{}}"#, "there is no template `t`"),
        (#""t":EVERYONE"#, "", #"{"templateId":"t","newId":"l","values":{}}"#, "there is no template `t`"),
        ("", #""t":TEMPLATE"#, #"{"templateId":"t","newId":"l","values":{}}"#, "slot `?principal` needs an entity"),
        (
            "", #""t":TEMPLATE"#, #"{"templateId":"t","newId":"t","values":{"?principal":UID}}"#,
            "policy `t` exists already"
        ),
        (
            "", #""t":TEMPLATE"#, #"{"templateId":"t","newId":"l","values":{"?principal":UID,"?resource":UID}}"#,
            "the template has no slot `?resource`"
        ),
        ("", #""t":TEMPLATE"#, #"{"templateId":"t","newId":"l","values":{"?x":UID}}"#, "`?x` is no member here"),
    ])
    func whatDoesNotGoTogetherIsRefused(policies: String, templates: String, links: String, message: String) throws {
        let json = set(policies: policies, templates: templates, links: links)
            .replacing("TEMPLATE", with: Self.template).replacing("EVERYONE", with: Self.everyone)
            .replacing("UID", with: #"{"type":"Ward","id":"w1"}"#)
        let error = try #require(throws: SyntaxError.self) { try PolicySet(json: Array(json.utf8)) }
        #expect(error.reason.description == message)
    }

    @Test func textCutAtAnyByteIsAnErrorAndNeverATrap() {
        let bytes = Array(
            set(
                policies: #""a":\#(Self.everyone)"#, templates: #""t":\#(Self.template)"#,
                links: #"{"templateId":"t","newId":"l","values":{"?principal":{"type":"Ward","id":"w1"}}}"#
            ).utf8)
        for end in bytes.indices {
            #expect(throws: SyntaxError.self) { try PolicySet(json: Array(bytes[..<end])) }
        }
    }
}
