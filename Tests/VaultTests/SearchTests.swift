// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Ledger
import Store
import TestSupport
import Testing
import Web

@testable import Vault

@Suite("Search")
struct SearchTests {
    @Test(arguments: [
        ("Müller", "muller"), ("O'Hara248", "ohara248"), ("Nuñez", "nunez"), ("Straße", "strasse"),
        ("ŁUKASZ", "lukasz"), ("I\u{307}zmir", "izmir"), ("Mu\u{308}ller", "muller"), ("A-B", "a b"),
    ])
    func folding(_ text: String, _ folded: String) {
        #expect(Folding.fold(text) == Array(folded.utf8))
    }

    private var card: SearchCard {
        var card = SearchCard()
        card.family = "Müller-Lüdenscheidt"
        card.given = "José Ángel"
        card.birthDate = "1980-05-31"
        card.identifiers = [.init(type: "MR", value: "AB-12/34")]
        return card
    }

    @Test(arguments: [
        "", "muller", "MÜLLER jose", "lud", "angel müller 1980", "1980-05", "31.5.1980", "31.05.1980", "ab-12",
        "ab1234",
        "Müller, José",
    ])
    func finds(_ query: String) {
        #expect(SearchWords(query).match(card))
    }

    @Test(arguments: ["uller", "muller peter", "1981", "30.5.1980", "1234"])
    func doesNotFind(_ query: String) {
        #expect(!SearchWords(query).match(card))
    }

    /// Asks as a nurse's browser does, in the session with this id.
    private func request(
        _ method: String, query: String = "", form: String = "", session: String = "one"
    ) throws -> PageRequest {
        let nurse = PersonSummary(
            id: Identifier(at: Instant(microseconds: 0)), name: "Dana Reyes", login: "dreyes", roles: ["nurse"],
            isEnabled: true, hasSecondFactor: true)
        let signedIn = SignedIn(
            person: nurse, assurance: Assurance(secondFactor: true, at: Instant(microseconds: 0)),
            formToken: "form-token", session: session)
        return PageRequest(
            method: method, path: "/records", query: try #require(Fields(urlEncoded: Array(query.utf8))),
            form: try #require(Fields(urlEncoded: Array(form.utf8))), visitor: .person(signedIn))
    }

    private func html(_ answer: Answer) -> String {
        if case .page(let page) = answer.body { page.content.renderString() } else { "" }
    }

    /// Where the answer to a search leads, without `/records?`.
    private func ticket(_ answer: Answer) throws -> String {
        let location = try #require(answer.headers.first { $0.name == "location" }?.value)
        #expect(answer.status == 303)
        return String(location.dropFirst("/records?".count))
    }

    @Test(arguments: StoreFixture.dialects)
    func noNameStandsInAnAddress(_ dialect: StoreDialect) async throws {
        try await VaultFixture.with(dialect) { vault in
            try await vault.take(Sample.patient("p1"))
            try await vault.take(Sample.patient("p2", family: "Other"))
            let pages = RecordPages(records: vault.records, house: vault.house)
            let searched = try await vault.leaves(VaultFacts.patientsSearched).count
            let ticket = try ticket(try pages.find(request("POST", form: "q=Muster+1980")))
            #expect(!ticket.lowercased().contains("muster"))
            let other = try self.ticket(try pages.find(request("POST", form: "q=Ot")))
            #expect(ticket.utf8.count == other.utf8.count, "its length tells nothing")

            for _ in 1...2 {
                let found = html(try await pages.search(request("GET", query: ticket)))
                #expect(found.contains("Muster, Anna") && !found.contains("Other, Anna"))
                #expect(found.contains("value=\"Muster 1980\"") && found.contains("1 patient found"))
                #expect(found.contains("method=\"post\"") && found.contains("value=\"form-token\""))
            }
            let leaves = try await vault.leaves(VaultFacts.patientsSearched)
            #expect(leaves.count == searched + 2, "each look at the results is a search")
            #expect(leaves.first?.data["results"] == .integer(1))
        }
    }

    @Test func aTicketOpensInItsSessionOnly() async throws {
        try await VaultFixture.with(.sqlite) { vault in
            try await vault.take(Sample.patient("p1"))
            try await vault.take(Sample.patient("p2", family: "Other"))
            let pages = RecordPages(records: vault.records, house: vault.house)
            let ticket = try ticket(try pages.find(request("POST", form: "q=Muster")))
            let queries = ["q=Muster", "found=", "found=Muster", String(ticket.dropLast()), ticket + "A"]
            for query in queries {
                let page = html(try await pages.search(request("GET", query: query)))
                #expect(page.contains("2 patients") && !page.contains("found</h2>"), "\(query)")
            }
            let stolen = html(try await pages.search(request("GET", query: ticket, session: "two")))
            #expect(stolen.contains("2 patients") && !stolen.contains("value=\"Muster\""))
        }
    }

    @Test func longSearchesAreRefusedAndEmptyOnesShowEverybody() async throws {
        try await VaultFixture.with(.sqlite) { vault in
            let pages = RecordPages(records: vault.records, house: vault.house)
            for empty in ["", "q=", "q=++"] {
                #expect(try pages.find(request("POST", form: empty)).headers.first?.value == "/records")
            }
            let most = String(repeating: "ä", count: 100)
            let query = try ticket(try pages.find(request("POST", form: "q=\(PercentCoding.encode(most))")))
            let ticket = SearchTicket(key: vault.records.cardKey, session: "one")
            #expect(ticket.open(String(query.dropFirst("found=".count))) == most)
            let fault = #expect(throws: Fault.self) {
                try pages.find(request("POST", form: "q=a\(PercentCoding.encode(most))"))
            }
            #expect(fault?.code == .invalidInput)
        }
    }

    @Test(arguments: [
        ("{}", "{}"), ("[ ]", "[]"),
        (
            "{\"a\":[1,{\"b\":\"x,{}\\\"\"}],\"c\":{}}",
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x,{}\\\"\"\n    }\n  ],\n  \"c\": {}\n}"
        ),
    ])
    func layout(_ json: String, _ indented: String) {
        let result = JSONLayout.indented(Array(json.utf8))
        #expect(String(decoding: result, as: UTF8.self) == indented)
        #expect(JSONLayout.compact(result) == JSONLayout.compact(Array(json.utf8)))
    }
}
