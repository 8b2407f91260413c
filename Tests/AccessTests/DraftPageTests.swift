// SPDX-License-Identifier: Apache-2.0

import Kernel
import TestSupport
import Testing
import Web

@testable import Access

/// The pages of drafts as a browser asks for them, without a socket.
struct DraftPageTests {
    private static func ask(
        _ house: AccessFixture, _ method: String, _ target: String, as person: Identifier<Kernel.Person>,
        form: [(String, String)] = []
    ) async throws -> Answer {
        var site = Site()
        DraftPages(house: house.house, desk: house.desk).add(to: &site)
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        let (route, parameters) = try #require(site.match(method: method, path: parts[0]))
        let summary = try #require(try await house.people.person(person))
        let signedIn = SignedIn(
            person: summary, assurance: Assurance(secondFactor: true, at: house.now), formToken: "t", session: "s")
        let body = form.map { "\($0)=\(PercentCoding.encode($1))" }.joined(separator: "&")
        return try await route.handle(
            PageRequest(
                method: method, path: parts[0], parameters: parameters,
                query: Fields(urlEncoded: Array((parts.count > 1 ? parts[1] : "").utf8)) ?? Fields(),
                form: Fields(urlEncoded: Array(body.utf8)) ?? Fields(), visitor: .person(signedIn),
                cookies: ["__Host-salus": "c"]))
    }

    private static func html(_ answer: Answer) -> String {
        if case .page(let page) = answer.body { page.content.renderString() } else { "" }
    }

    private static func location(_ answer: Answer) -> String? {
        answer.headers.first { $0.name == "location" }?.value
    }

    @Test func fromTheEditorToTheFreshProof() async throws {
        try await AccessFixture.with { house in
            let ada = house.person("Ada", .administrator)
            let text = String(decoding: BuiltInRules.policies, as: UTF8.self)
            let wrong = try await Self.ask(
                house, "POST", "/access/drafts", as: ada,
                form: [
                    ("policies", text + "\r\n@id(\"x\")\r\npermit (principal, action, resource) when { no };"),
                    ("do", "save"),
                ])
            #expect(wrong.status == 422 && Self.html(wrong).contains("#line-"))
            let formatted = try await Self.ask(
                house, "POST", "/access/drafts", as: ada, form: [("policies", text), ("do", "format")])
            #expect(formatted.status == 200 && Self.html(formatted).contains("No errors"))

            // Browsers end lines with CR LF.
            let saved = try await Self.ask(
                house, "POST", "/access/drafts", as: ada,
                form: [("policies", text.replacing("\n", with: "\r\n")), ("note", "Why <b>"), ("do", "save")])
            let path = try #require(Self.location(saved))
            // The first answers may say only how far the comparison is.
            var page = ""
            while !page.contains("What now") {
                page = Self.html(try await Self.ask(house, "GET", path, as: ada))
                #expect(page.contains("What would be different"))
            }
            #expect(page.contains("Nobody gains or loses anything") && page.contains("Why &lt;b&gt;"))
            let digest = try #require(page.split(separator: "name=\"impact\" value=\"").last?.prefix(64))

            let asked = try await Self.ask(
                house, "POST", "\(path)/enforce", as: ada, form: [("impact", String(digest))])
            #expect(Self.html(asked).contains("Confirm that it is you"))
            let refused = try await Self.ask(
                house, "POST", "\(path)/enforce", as: ada, form: [("impact", String(digest)), ("proof", "wrong")])
            #expect(refused.status == 422)
            #expect(try await house.desk.version() == 0)
            var done: String?
            repeat {
                // Where the comparison takes long, one is asked to come back.
                done = Self.location(
                    try await Self.ask(
                        house, "POST", "\(path)/enforce", as: ada,
                        form: [("impact", String(digest)), ("proof", "right")]))
            } while done == "\(path)?again=late"
            #expect(done == path)
            #expect(try await house.desk.version() == 1)
            #expect(try await house.desk.text(ofVersion: 1) == BuiltInRules.policies)
            let list = Self.html(try await Self.ask(house, "GET", "/access/drafts", as: ada))
            #expect(list.contains("Version 1") && list.contains("Go back to version 0"))
            // Versions are told apart by what was written about them.
            #expect(list.contains("Why &lt;b&gt;"))
        }
    }

    @Test func nobodyChangesWhatSomebodyElseWrote() async throws {
        try await AccessFixture.with { house in
            let (ada, paul) = (house.person("Ada", .administrator), house.person("Paul", .privacyOfficer))
            let id = try await house.desk.add(BuiltInRules.policies, note: "", by: ada)
            for act in ["", "/propose", "/withdraw", "/enforce"] {
                await #expect(throws: Fault.self, "\(act)") {
                    _ = try await Self.ask(
                        house, "POST", "/access/drafts/\(id)\(act)", as: paul,
                        form: [
                            ("policies", "x"), ("do", "save"), ("proof", "right"),
                            ("impact", String(repeating: "00", count: 32)),
                        ])
                }
            }
        }
    }

    /// Whoever kept the page open while the draft came back reads why before anything else.
    @Test(arguments: ["propose", "enforce"])
    func aPageFromBeforeItWasSentBackDecidesNothing(act: String) async throws {
        try await AccessFixture.with { house in
            let (ada, paul) = (house.person("Ada", .administrator), house.person("Paul", .privacyOfficer))
            let id = try await house.desk.add(BuiltInRules.policies, note: "", by: ada)
            let path = "/access/drafts/\(id)"
            func fields() async throws -> [(String, String)] {
                var page = ""
                while !page.contains("What now") { page = Self.html(try await Self.ask(house, "GET", path, as: ada)) }
                let form = try #require(page.split(separator: "\(path)/\(act)").last)
                return try ["impact", "returned"].map { name in
                    let rest = try #require(form.split(separator: "name=\"\(name)\" value=\"").dropFirst().first)
                    return (name, String(rest.prefix { $0 != "\"" }))
                }
            }
            func press(_ fields: [(String, String)]) async throws -> String? {
                while true {
                    let answer = try await Self.ask(
                        house, "POST", "\(path)/\(act)", as: ada, form: fields + [("proof", "right")])
                    if Self.location(answer) != "\(path)?again=late" { return Self.location(answer) }
                }
            }
            let stale = try await fields()
            #expect(stale[1].1.isEmpty)
            try await house.desk.propose(id, by: ada)
            let words = try #require(DraftWords("Read this."))
            try await house.desk.sendBack(
                id, words, looked: RuleText.digest(BuiltInRules.policies), by: paul)
            let fault = await #expect(throws: Fault.self) { try await press(stale) }
            #expect(fault?.code == .conflict && fault?.message.contains("Read why first") == true)
            #expect(try await house.desk.draft(id).isSentBack)
            #expect(try await house.desk.version() == 0)

            let fresh = try await fields()
            #expect(!fresh[1].1.isEmpty)
            #expect(try await press(fresh) == path)
            #expect(try await !house.desk.draft(id).isSentBack)
        }
    }

    @Test func aProofKeepsWhatThePageHadSeen() async throws {
        try await AccessFixture.with { house in
            let ada = house.person("Ada", .administrator)
            let id = try await house.desk.add(BuiltInRules.policies, note: "", by: ada)
            let asked = try await Self.ask(
                house, "POST", "/access/drafts/\(id)/enforce", as: ada,
                form: [("impact", String(repeating: "00", count: 32)), ("returned", "42")])
            #expect(Self.html(asked).contains("name=\"returned\" value=\"42\""))
        }
    }

    @Test func fromTheApproverBackToTheAuthor() async throws {
        try await AccessFixture.with { house in
            let (ada, paul) = (house.person("Ada", .administrator), house.person("Paul", .privacyOfficer))
            let id = try await house.desk.add(BuiltInRules.policies, note: "", by: ada)
            try await house.desk.propose(id, by: ada)
            let path = "/access/drafts/\(id)"
            let list = Self.html(try await Self.ask(house, "GET", "/access/drafts", as: paul))
            #expect(list.contains("Waits for you"))
            let own = Self.html(try await Self.ask(house, "GET", "/access/drafts", as: ada))
            #expect(own.contains("Waiting") && !own.contains("Waits for you"))
            func page(_ person: Identifier<Kernel.Person>) async throws -> String {
                while true {
                    let page = Self.html(try await Self.ask(house, "GET", path, as: person))
                    if page.contains("What now") { return page }
                }
            }
            let seen = try await page(paul)
            let text = try #require(seen.split(separator: "name=\"text\" value=\"").last?.prefix(64))
            #expect(seen.contains("so does everybody who may read rules"))
            #expect(try await !page(ada).contains("send-back"))
            let empty = try await Self.ask(
                house, "POST", "\(path)/send-back", as: paul, form: [("text", String(text)), ("words", "  ")])
            #expect(empty.status == 422 && Self.html(empty).contains("in at most 1,000 characters"))
            // What was looked at, and not what the draft says by now: nobody judges what they did not see.
            let long = String(repeating: "<x", count: 501)
            let other = String(repeating: "ab", count: 32)
            let again = Self.html(
                try await Self.ask(
                    house, "POST", "\(path)/send-back", as: paul, form: [("text", other), ("words", long)]))
            #expect(again.contains("name=\"text\" value=\"\(other)\"") && again.contains("maxlength=\"1000\""))
            #expect(again.contains(long.replacing("<", with: "&lt;") + "</textarea>"))
            let sent = try await Self.ask(
                house, "POST", "\(path)/send-back", as: paul,
                form: [("text", String(text)), ("words", "Too <wide>.\r\nNarrow it.")])
            #expect(Self.location(sent) == path)
            for target in [path, "\(path)?edit=1"] {
                let back = Self.html(try await Self.ask(house, "GET", target, as: ada))
                #expect(back.contains("This draft was sent back") && back.contains("Too &lt;wide&gt;."), "\(target)")
                #expect(back.contains("Paul"))
            }
            let returned = Self.html(try await Self.ask(house, "GET", "/access/drafts", as: ada))
            #expect(returned.contains("Sent back to you"))
            try await house.desk.propose(id, by: ada)
            // Whoever looks at it next reads what was said before.
            #expect(try await page(paul).contains("Sent back before"))
        }
    }
}
