// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Keyring
import Ledger
import Store
import TestSupport
import Testing
import TransparencyLog
import Web

@testable import Access

/// Who has seen a patient's records: all of it, in words, and as FHIR with proofs that others can check.
struct DisclosureTests {
    private static let chartRead = FactKind("vault.chart-read.v1", "Chart read")
    private static let recordRead = FactKind("vault.record-read.v1", "Record read")
    private static let imported = FactKind("vault.imported.v1", "Records imported")

    /// A patient with entries of every kind, among those of another one.
    private static func fill(
        _ house: AccessFixture, _ patient: Identifier<Kernel.Patient>, by reader: Identifier<Kernel.Person>
    ) async throws {
        let record = Identifier<Kernel.Record>(at: house.now).description
        let other = house.patient()
        var facts = [Fact(imported, by: .system, on: patient.bytes, [.init("count", 3)])]
        for section in ["summary", "problems", "results"] {
            facts += [patient.bytes, other.bytes].map { subject in
                Fact(
                    chartRead, by: .person(reader), on: subject,
                    [
                        .init("section", .string(section)), .init("protected", ["hiv"]),
                        .init("rules", ["emergency"]),
                    ])
            }
        }
        facts.append(
            Fact(
                recordRead, by: .person(reader), on: patient.bytes,
                [.init("record", .string(record)), .init("rules", ["care-team-reads-chart"])]))
        // Entries that wait together may be placed in any order, because the tests share one counter.
        for fact in facts {
            try await house.house.store.write { tx in try tx.record(fact) }
            try await house.house.ledger.settle()
        }
    }

    @Test(arguments: [1, 2, 5, 500] as [Int64])
    func theAccountingReadsThroughToTheFirstEntry(pageLength: Int64) async throws {
        try await AccessFixture.with { house in
            let patient = house.patient()
            try await Self.fill(house, patient, by: house.person("Ada", .physician))
            let accounting = try await Accounting(
                of: patient.bytes, in: house.house.ledger, at: house.now, pageLength: pageLength)
            #expect(accounting.entries.count == 5 && accounting.disclosures.count == 4)
            #expect(accounting.entries.map(\.position) == accounting.entries.map(\.position).sorted(by: >))
            #expect(accounting.entries.allSatisfy { $0.leaf.on == patient.bytes })
        }
    }

    @Test func entriesAreToldInPlainWords() async throws {
        try await AccessFixture.with { house in
            let patient = house.patient()
            let reader = house.person("Ada", .physician)
            try await Self.fill(house, patient, by: reader)
            let accounting = try await Accounting(of: patient.bytes, in: house.house.ledger, at: house.now)
            let people = Dictionary(
                uniqueKeysWithValues: try await house.people.everyone().map { ($0.id.description, $0) })
            let words = accounting.entries.map { "\(Disclosure($0.leaf).who(people)): \(Disclosure($0.leaf).words)" }
            #expect(
                words == [
                    "Ada: Read one record", "Ada: Read the chart: results, with protected records (HIV)",
                    "Ada: Read the chart: problems, with protected records (HIV)",
                    "Ada: Read the chart: summary, with protected records (HIV)", "Salus: Records were taken in",
                ])
        }
    }

    @Test func eachEventOfTheBundleHasItsElementsAndAProofThatHolds() async throws {
        try await AccessFixture.with { house in
            let patient = house.patient()
            let reader = house.person("Ada", .physician)
            try await Self.fill(house, patient, by: reader)
            let answer = try await house.get("disclosures.json", of: patient, by: reader)
            guard case .bytes(let bytes, let mediaType) = answer.body else {
                Issue.record("no bytes")
                return
            }
            #expect(mediaType == "application/fhir+json")
            let bundle = try CanonicalValue.decode(bytes)
            #expect(bundle["resourceType"] == "Bundle" && bundle["type"] == "collection")
            let entries = try #require(bundle["entry"]?.arrayValue)
            #expect(entries.count == 5)
            let key = try VerifierKey(vkey: house.house.ledger.verifierKey)
            for entry in entries {
                let event = try #require(entry["resource"])
                #expect(event["resourceType"] == "AuditEvent" && event["outcome"] == "0")
                for name in ["type", "recorded", "action", "source"] { #expect(event[name] != nil, "\(name)") }
                #expect(event["source"]?["observer"] != nil)
                #expect(event["agent"]?.arrayValue?.count { $0["requestor"] == true } == 1)
                let evidence = try #require(event["extension"]?[0]?["extension"]?.arrayValue)
                let leaf = try #require(evidence[1]["valueBase64Binary"]?.stringValue.flatMap { Base64.decode($0) })
                let text = try #require(evidence[2]["valueBase64Binary"]?.stringValue.flatMap { Base64.decode($0) })
                let proof = try LogProof(bytes: text)
                _ = try proof.verify(leaf: .leaf(leaf), verifiers: [key])
                #expect(evidence[0]["valueDecimal"]?.integerValue == Int64(proof.index))
                #expect(throws: LogProofError.self) {
                    _ = try proof.verify(leaf: .leaf(leaf + [0]), verifiers: [key])
                }
                #expect(event["id"]?.stringValue == (try Ledger.Leaf(decoding: leaf)).id.description)
            }
        }
    }

    /// What the differentials of IHE BALP demand beyond FHIR (IHE.BasicAudit.PatientRead and PatientQuery).
    @Test func readingsKeepToTheProfiles() async throws {
        try await AccessFixture.with { house in
            let patient = house.patient()
            let reader = house.person("Ada", .physician)
            try await Self.fill(house, patient, by: reader)
            let answer = try await house.get("disclosures.json", of: patient, by: reader)
            guard case .bytes(let bytes, _) = answer.body else {
                Issue.record("no bytes")
                return
            }
            let events = try #require(CanonicalValue.decode(bytes)["entry"]?.arrayValue).compactMap { $0["resource"] }
            let base = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit"
            func code(_ value: CanonicalValue?) -> String { value?["code"]?.stringValue ?? "" }
            func agent(_ event: CanonicalValue, _ wanted: String) -> CanonicalValue? {
                event["agent"]?.arrayValue?.first { code($0["type"]?["coding"]?[0]) == wanted }
            }
            let read = events[0]
            #expect(read["meta"]?["profile"]?[0]?.stringValue == "\(base).PatientRead")
            #expect(read["action"] == "R" && code(read["subtype"]?[0]) == "read")
            #expect(agent(read, "110152")?["who"]?["display"] == "The browser of the person")
            #expect(agent(read, "110153")?["who"]?["display"] == "Salus")
            #expect(read["entity"]?.arrayValue?.map { code($0["role"]) } == ["1", "4"])
            #expect(read["entity"]?[1]?["what"]?["identifier"]?["value"] != nil)
            for query in events[1...3] {
                #expect(query["meta"]?["profile"]?[0]?.stringValue == "\(base).PatientQuery")
                #expect(query["action"] == "E" && code(query["subtype"]?[0]) == "search")
                #expect(agent(query, "110153")?["who"]?["display"] == "The browser of the person")
                #expect(agent(query, "110152")?["who"]?["display"] == "Salus")
                #expect(query["entity"]?.arrayValue?.map { code($0["role"]) } == ["1", "24"])
                #expect(query["entity"]?[1]?["query"] != nil && query["entity"]?[1]?["what"] == nil)
                #expect(code(agent(query, "IRCP")?["purposeOfUse"]?[0]?["coding"]?[0]) == "ETREAT")
            }
            for event in events[0...3] {
                #expect(code(event["type"]) == "rest")
                #expect(agent(event, "IRCP")?["who"]?["identifier"]?["value"]?.stringValue == reader.description)
                #expect(agent(event, "110152")?["network"] != nil && agent(event, "110153")?["network"] != nil)
                #expect(event["entity"]?[0]?["what"]?["type"] == "Patient")
            }
            #expect(events[4]["meta"] == nil)
        }
    }

    @Test(arguments: [
        ("disclosures", "access.disclosures-read.v1"), ("disclosures.json", "access.disclosures-read.v1"),
        ("readers", "access.readers-listed.v1"),
    ])
    func lookingIsWrittenDownAboutThePatient(page: String, kind: String) async throws {
        try await AccessFixture.with { house in
            let patient = house.patient()
            let officer = house.person("Petra", .privacyOfficer)
            try await Self.fill(house, patient, by: house.person("Ada", .physician))
            _ = try await house.get(page, of: patient, by: officer)
            let accounting = try await Accounting(of: patient.bytes, in: house.house.ledger, at: house.now)
            let newest = try #require(accounting.entries.first)
            #expect(newest.leaf.kind == kind && newest.leaf.actor == .person(officer))
            #expect(newest.leaf.ruleNames == ["privacy-officer"])
            #expect(!String(decoding: newest.bytes, as: UTF8.self).contains("Muster"))
        }
    }

    @Test func thePagesSayThatTheyAreCompleteAndWhoseTheyAre() async throws {
        try await AccessFixture.with { house in
            let patient = house.patient()
            let officer = house.person("Petra", .privacyOfficer)
            _ = house.person("Zoe", .nurse, isEnabled: false)
            try await Self.fill(house, patient, by: house.person("Ada", .physician))
            let seen = try await house.text("disclosures", of: patient, by: officer)
            #expect(seen.contains("Complete: the evidence log had 5 entries about this patient"))
            #expect(seen.contains("records were seen 4 times") && seen.contains("Maria Muster"))
            let able = try await house.text("readers", of: patient, by: officer)
            #expect(able.contains("Complete: 2 people of the directory were asked at 2026-01-01 00:00 UTC; 1 can read"))
            #expect(able.contains("1 closed account was asked about as well: none can read anything."))
            #expect(able.contains("/access/rules/before-care-teams") && able.contains("No: why?"))
            #expect(able.contains("Maria Muster"))
            // Whoever may not search for patients is told no name.
            let auditor = house.person("Otto", .auditor)
            #expect(try await !house.text("readers", of: patient, by: auditor).contains("Maria Muster"))
        }
    }

    @Test func whatIsShownInPartsIsNotSearchedInParts() async throws {
        try await AccessFixture.with { house in
            let (patient, officer) = (house.patient(), house.person("Petra", .privacyOfficer))
            let physician = house.person("Ada", .physician)
            try await Self.fill(house, patient, by: physician)
            #expect(try await house.text("disclosures", of: patient, by: officer).contains("Find in this list"))
            for _ in 0..<20 { try await Self.fill(house, patient, by: physician) }
            let first = try await house.text("disclosures", of: patient, by: officer)
            #expect(first.contains("Older entries") && !first.contains("Find in this list"))
            #expect(first.ranges(of: "/proof\"").count == 75)
        }
    }

    @Test func aNumberLeadsStraightToTheAnswer() async throws {
        try await AccessFixture.with { house in
            let (patient, officer) = (house.patient(), house.person("Petra", .privacyOfficer))
            let readers = "/access/patients/\(patient)/readers"
            for typed in ["\(patient)", "https://salus.example/records/\(patient)?section=summary"] {
                let answer = try await house.ask(
                    "POST", "/access/patients", as: officer, form: [("patient", typed)])
                #expect(answer.status == 303 && answer.location == readers)
            }
            #expect(try await house.ask("GET", "/access/patients?patient=\(patient)", as: officer).location == readers)
            let unknown = try await house.ask("POST", "/access/patients", as: officer, form: [("patient", "Muster")])
            #expect(unknown.status == 422)
        }
    }

    @Test func aPatientWhoIsNotThereIsNotFound() async throws {
        try await AccessFixture.with { house in
            let officer = house.person("Petra", .privacyOfficer)
            for page in ["readers", "disclosures", "disclosures.json"] {
                await #expect(throws: Fault.self) {
                    _ = try await house.get(page, of: Identifier(at: house.now), by: officer)
                }
            }
        }
    }
}

extension AccessFixture {
    /// What a page about a patient answers to somebody whom the rules let through.
    func get(
        _ page: String, of patient: Identifier<Kernel.Patient>, by person: Identifier<Kernel.Person>
    ) async throws -> Answer {
        var site = Site()
        try await AccessPractice(house).routes(&site)
        let path = "/access/patients/\(patient)/\(page)"
        let (route, parameters) = try #require(site.match(method: "GET", path: path))
        let summary = try #require(try await people.person(person))
        let signedIn = SignedIn(
            person: summary, assurance: Assurance(secondFactor: true, at: now), formToken: "t", session: "s")
        var request = PageRequest(
            method: "GET", path: path, parameters: parameters, visitor: .person(signedIn))
        request.decision = try await decide(route.action, person, on: patient)
        return try await route.handle(request)
    }

    /// The page as text.
    func text(
        _ page: String, of patient: Identifier<Kernel.Patient>, by person: Identifier<Kernel.Person>
    ) async throws -> String {
        guard case .page(let content) = try await get(page, of: patient, by: person).body else { return "" }
        return content.content.renderString()
    }
}
