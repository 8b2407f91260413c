// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Store
import TestSupport
import Testing
import TransparencyLog
import Web

@testable import Access

private let reader = Identifier<Kernel.Person>(at: Instant(microseconds: 1))
private let record = Identifier<Kernel.Record>(at: Instant(microseconds: 2))

/// A true entry in an event that says something else is found out, and the element named.
struct AccountingCheckTests {
    /// A download with a record, a page of the chart in an emergency, and something else that happened; newest first.
    private static func download(_ house: AccessFixture) async throws -> String {
        let patient = house.patient()
        house.set(reader, "Ada", [.physician])
        let facts: [(kind: String, actor: Kernel.EntityReference, data: [CanonicalMember])] = [
            ("vault.imported.v1", .system, [.init("count", 3)]),
            (
                "vault.chart-read.v1", .person(reader),
                [.init("rules", ["emergency"]), .init("section", "summary")]
            ),
            (
                "vault.record-read.v1", .person(reader),
                [.init("record", .string("\(record)")), .init("rules", ["care-team-reads-chart"])]
            ),
        ]
        for fact in facts {
            try await house.house.store.write { tx in
                try tx.record(Fact(FactKind(fact.kind, "Test"), by: fact.actor, on: patient.bytes, fact.data))
            }
            try await house.house.ledger.settle()
        }
        guard case .bytes(let bytes, _) = try await house.get("disclosures.json", of: patient, by: reader).body else {
            throw Fault(.internal, "no bytes")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What the check says of each event of a download.
    private static func problems(_ text: String) throws -> [String?] {
        var check = AccountingCheck()
        let entries = try #require(try JSONDocument.parse(text).root["entry"]).elements
        return try entries.map { entry in
            let (leaf, index) = try evidence(of: entry)
            return check.problem(of: entry, leaf, at: index)
        }
    }

    /// The entry of the log that an event carries, and its place.
    private static func evidence(of entry: JSONNode) throws -> (Ledger.Leaf, UInt64) {
        let evidence = entry.at("resource", "extension", 0, "extension")
        let bytes = try #require(evidence?[1]?["valueBase64Binary"]?.string.flatMap { Base64.decode($0) })
        let proof = try #require(evidence?[2]?["valueBase64Binary"]?.string.flatMap { Base64.decode($0) })
        return (try Ledger.Leaf(decoding: bytes), try LogProof(bytes: proof).index)
    }

    /// The text with one change at the first place where it fits.
    private static func changed(_ text: String, _ old: String, _ new: String) throws -> String {
        let range = try #require(text.firstRange(of: old), "\(old)")
        return String(text[..<range.lowerBound]) + new + String(text[range.upperBound...])
    }

    @Test func whatSalusWritesHolds() async throws {
        try await AccessFixture.with { house in
            let text = try await Self.download(house)
            #expect(try Self.problems(text) == [nil, nil, nil])
            // Names stand in no entry, and a moment may be written in another zone.
            #expect(try Self.problems(text.replacing("\"Ada\"", with: "\"Eve\"")) == [nil, nil, nil])
            let zone = try Self.changed(
                text, "Z\",\"resourceType\":\"AuditEvent\"", "+00:00\",\"resourceType\":\"AuditEvent\"")
            #expect(try Self.problems(zone) == [nil, nil, nil])
        }
    }

    @Test(
        arguments: [
            ("\"display\":\"The browser of the person\"", "\"display\":\"Something\"", 0, nil),
            ("\"resourceType\":\"AuditEvent\"", "\"resourceType\":\"Provenance\"", 0, "resourceType"),
            ("\"id\":\"0", "\"id\":\"1", 0, "id"),
            ("\"fullUrl\":\"urn:uuid:0", "\"fullUrl\":\"urn:uuid:1", 0, "fullUrl"),
            ("\"recorded\":\"2", "\"recorded\":\"1", 0, "recorded"),
            ("\"outcome\":\"0\"", "\"outcome\":\"8\"", 0, "outcome"),
            ("\"action\":\"R\"", "\"action\":\"E\"", 0, "action"),
            ("\"code\":\"read\"", "\"code\":\"vread\"", 0, "subtype"),
            ("\"value\":\"\(reader)\"", "\"value\":\"\(record)\"", 0, "agent"),
            ("fhir/person", "fhir/operator", 0, "agent"), ("\"requestor\":false", "\"requestor\":true", 0, "agent"),
            ("rule/care-team-reads-chart", "rule/emergency", 0, "agent.policy"),
            ("\"ETREAT\"", "\"TREAT\"", 1, "agent.purposeOfUse"),
            ("urn:uuid:\(record)", "urn:uuid:\(reader)", 0, "entity"),
            ("\"query\":\"", "\"query\":\"AAAA", 1, "entity"),
            ("\"code\":\"search\"", "\"code\":\"create\"", 1, "subtype"),
            ("\"display\":\"read\"", "\"display\":\"delete\"", 0, "subtype"),
            ("\"display\":\"search\"", "\"display\":\"update\"", 1, "subtype"),
            (
                "\"code\":\"vault.imported.v1\"", "\"code\":\"vault.imported.v1\",\"display\":\"Sold\"", 2,
                "subtype"
            ),
            ("section=summary\"", "section=allergies\"", 1, "entity"),
            ("\"entity\":[{", "\"entity\":[{\"description\":\"Another chart\",", 0, "entity"),
            ("\"code\":\"vault.imported.v1\"", "\"code\":\"vault.erased.v1\"", 2, "subtype"),
        ] as [(String, String, Int, String?)])
    func whatWasChangedIsNamed(old: String, new: String, event: Int, element: String?) async throws {
        try await AccessFixture.with { house in
            let text = try await Self.download(house)
            let problems = try Self.problems(try Self.changed(text, old, new))
            for (place, problem) in problems.enumerated() {
                #expect((problem != nil) == (place == event && element != nil), "\(problem ?? "")")
            }
            if let element { #expect(problems[event]?.contains("`\(element)` should be") == true) }
        }
    }

    @Test func anEventOfAnotherPatientIsFound() async throws {
        try await AccessFixture.with { house in
            let text = try await Self.download(house)
            let other = try await Self.download(house)
            let whose = try #require(
                try JSONDocument.parse(text).root.at(
                    "entry", 0, "resource", "entity", 0, "what", "identifier", "value")?.string)
            let changed = try Self.problems(try Self.changed(text, whose, "urn:uuid:\(reader)"))
            #expect(changed.compactMap(\.self).count == 2 && changed[1]?.contains("another patient") == true)
            // A true event about somebody else, with its true entry.
            let (start, next) = ("\"entry\":[", "},{\"fullUrl\"")
            let begin = try #require(other.firstRange(of: start)?.upperBound)
            let end = try #require(other[begin...].firstRange(of: next)?.lowerBound)
            let mixed = try Self.changed(text, next, "},\(other[begin..<end])\(next)")
            let problems = try Self.problems(mixed)
            #expect(problems.count == 4 && problems[1]?.contains("another patient") == true)
            #expect(problems[0] == nil && problems[2] == nil && problems[3] == nil)
        }
    }

    /// Two entries about nobody are not about one patient.
    @Test func anEntryAboutNobodyIsFound() async throws {
        try await AccessFixture.with { house in
            let text = try await Self.download(house)
            let entries = try #require(try JSONDocument.parse(text).root["entry"]).elements.map { $0 }
            var check = AccountingCheck()
            for (number, entry) in entries.enumerated() {
                let (leaf, index) = try Self.evidence(of: entry)
                let nobody = Ledger.Leaf(
                    Fact(FactKind(leaf.kind, "Test"), by: leaf.actor, leaf.data.objectValue ?? []), id: leaf.id,
                    at: leaf.at)
                // The last one is about the patient of all others, whatever came before it.
                let isLast = number == entries.count - 1
                let problem = check.problem(of: entry, isLast ? leaf : nobody, at: index)
                #expect(problem == (isLast ? nil : "its entry is about no patient"))
            }
        }
    }
}
