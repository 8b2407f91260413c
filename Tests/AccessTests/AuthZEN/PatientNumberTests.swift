// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Store
import TestSupport
import Testing

@testable import Access

/// Programs that know patients by numbers of their own ask by those, and hear and leave what they would by id.
struct PatientNumberTests {
    private static func verdict(_ house: AccessFixture, _ id: String, _ subject: String = "hanna") async throws
        -> Verdict
    {
        let question = try CertificationFixture.question(
            """
            {"subject": {"type": "user", "id": "\(subject)"}, "action": {"name": "vault.read-chart"},
             "resource": {"type": "Patient", "id": "\(id)"}}
            """)
        return try await HouseRules(rules: house.rules, honoursMasks: false).decide(question, explaining: true)
    }

    @Test func aNumberThatOnePatientHasMeansThatPatient() async throws {
        try await AccessFixture.with { house in
            _ = (house.person("Hanna", .physician), house.person("Fritz", .frontDesk))
            let patient = house.patient()
            house.patients.give("urn:mrn|47|11", to: patient)
            house.patients.give("|0815", to: patient)
            for name in ["urn:mrn|47|11", "|0815"] {
                let (byNumber, byID) = (
                    try await Self.verdict(house, name), try await Self.verdict(house, patient.description)
                )
                #expect(byNumber.isAllowed && byNumber.policies == byID.policies, "\(name)")
                // One pseudonym, by whichever name.
                #expect(byNumber.resource == byID.resource && byNumber.resource?.id == patient.description)
                let rules = HouseRules(rules: house.rules, honoursMasks: false)
                let search = try SearchQuestion(
                    CertificationFixture.node(
                        """
                        {"subject": {"type": "user"}, "action": {"name": "vault.read-chart"},
                         "resource": {"type": "Patient", "id": "\(name)"}}
                        """), .subject)
                let found = try await rules.search(search)
                #expect(found.found.count == 1 && found.resource == byID.resource)
            }
            #expect(try await !Self.verdict(house, "urn:mrn|47|11", "fritz").isAllowed)
        }
    }

    @Test func allOthersMeanAPatientWhoIsNotThere() async throws {
        try await AccessFixture.with { house in
            _ = (house.person("Hanna", .physician), house.person("Fritz", .frontDesk))
            let (one, two) = (house.patient(), house.patient())
            for patient in [one, two] { house.patients.give("urn:mrn|1", to: patient) }
            let nobody = Identifier<Kernel.Patient>(at: Instant(microseconds: 5)).description
            for subject in ["hanna", "fritz"] {
                let unknown = try await Self.verdict(house, nobody, subject)
                for name in ["urn:mrn|1", "urn:mrn|2", "urn:MRN|1"] {
                    let verdict = try await Self.verdict(house, name, subject)
                    #expect(try verdict.json.encode() == unknown.json.encode(), "\(subject) \(name)")
                    #expect(
                        verdict.resource == HouseRules.party(NamedThing(type: "Patient", id: name, properties: nil)))
                }
            }
            house.patients.give("urn:mrn|" + String(repeating: "1", count: 505), to: one)
            for name in ["urn:mrn|", "1", "urn:mrn|" + String(repeating: "1", count: 505)] {
                #expect(PatientNumber(name) == nil)
                let verdict = try await Self.verdict(house, name)
                #expect(!verdict.isAllowed && verdict.reason == "There is no such patient or institution.")
            }
            #expect(PatientNumber("urn:mrn|" + String(repeating: "1", count: 504)) != nil)
        }
    }

    @Test func theLogHasOnePseudonymForBothWays() async throws {
        try await AccessFixture.with { house in
            _ = house.person("Hanna", .physician)
            let patient = house.patient()
            house.patients.give("urn:mrn|4711", to: patient)
            let name = try #require(ApplicationName("Portal"))
            let (_, token) = try await house.desk().add(name, nil, by: .operator(uid: 0))
            func pseudonyms(_ id: String) async throws -> [String] {
                _ = try await house.ask(
                    "/access/v1/evaluation",
                    """
                    {"subject": {"type": "user", "id": "hanna"}, "action": {"name": "vault.read-chart"},
                     "resource": {"type": "Patient", "id": "\(id)"}}
                    """, token: token)
                try await house.house.ledger.settle()
                var query = LeafQuery(limit: 1)
                query.kind = ApplicationFacts.evaluated.id
                let leaf = try #require(try await house.house.ledger.leaves(query).first?.leaf)
                #expect(!String(decoding: try leaf.encoded(), as: UTF8.self).contains("4711"))
                return leaf.data["resources"]?.arrayValue?.compactMap(\.stringValue) ?? []
            }
            let byNumber = try await pseudonyms("urn:mrn|4711")
            house.clock.advance(by: .seconds(1))
            let byID = try await pseudonyms(patient.description)
            #expect(byNumber == byID && byNumber.count == 1)
        }
    }
}
