// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Ledger
import TransparencyLog

/// Entries of the log about one patient as FHIR R4 AuditEvents. Readings keep to the profiles PatientRead and
/// PatientQuery of IHE BALP; what else happened is an AuditEvent without a profile.
///
/// Each carries the entry as it is hashed and the proof that it is in the log, so that nobody has to believe Salus.
struct AuditEvents: Sendable {
    let patient: Identifier<Kernel.Patient>
    let institution: Identifier<Institution>
    /// The people of the directory, by id.
    let people: [String: PersonSummary]

    /// What the names of rules, people and this extension begin with; `.invalid` because nothing is fetched there.
    static let base = "https://salus.invalid/fhir"
    /// The extension with the entry and its proof.
    static let evidence = "\(base)/StructureDefinition/inclusion-proof"
    private static let profiles = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit"
    private static let entityType = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
    private static let objectRole = "http://terminology.hl7.org/CodeSystem/object-role"

    private static let restful = coding(
        "http://terminology.hl7.org/CodeSystem/audit-event-type", "rest", "Restful Operation")

    /// All of them together.
    func bundle(_ entries: [CanonicalValue], at now: Instant) -> CanonicalValue {
        [
            "resourceType": "Bundle", "type": "collection", "timestamp": .string(now.rfc3339),
            "entry": .array(entries),
        ]
    }

    /// One of them with its proof.
    func entry(_ placed: PlacedLeaf, proof: LogProof) -> CanonicalValue {
        let leaf = placed.leaf
        let shape = AuditShape(Disclosure(leaf).interaction)
        var members: [CanonicalMember] = [
            .init("resourceType", "AuditEvent"), .init("id", .string(leaf.id.description)),
            .init("extension", [Self.evidence(placed, proof)]),
            .init("type", Self.restful),
            .init("subtype", [shape.subtype(of: leaf.kind)]), .init("action", .string(shape.action)),
            .init("recorded", .string(leaf.at.rfc3339)), .init("outcome", "0"),
            .init("agent", .array([user(leaf)] + shape.machines.map(machine))), .init("source", source),
            .init("entity", .array(entities(shape))),
        ]
        if let profile = shape.profile {
            members.append(.init("meta", ["profile": [.string("\(Self.profiles).\(profile)")]]))
        }
        return ["fullUrl": .string("urn:uuid:\(leaf.id)"), "resource": .object(members)]
    }

    /// The place of the entry, its bytes, and the text of its proof (C2SP tlog-proof).
    private static func evidence(_ placed: PlacedLeaf, _ proof: LogProof) -> CanonicalValue {
        [
            "url": .string(evidence),
            "extension": [
                ["url": "index", "valueDecimal": .integer(placed.position)],
                ["url": "leaf", "valueBase64Binary": .string(Base64.encode(placed.bytes))],
                ["url": "proof", "valueBase64Binary": .string(Base64.encode(proof.bytes))],
            ],
        ]
    }

    /// Who acted: the requestor, with the rules that allowed it as the policies.
    private func user(_ leaf: Ledger.Leaf) -> CanonicalValue {
        let name = Disclosure(leaf).who(people)
        let type = coding(
            "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP", "information recipient")
        var members: [CanonicalMember] = [
            .init("type", ["coding": [type]]),
            .init(
                "who",
                [
                    "identifier": [
                        "system": .string("\(Self.base)/\(leaf.actor.type)"), "value": .string(leaf.actor.id),
                    ],
                    "display": .string(name),
                ]),
            .init("name", .string(name)), .init("requestor", true),
        ]
        let rules = leaf.ruleNames
        if !rules.isEmpty {
            members.append(.init("policy", .array(rules.map { .string("\(Self.base)/rule/\($0)") })))
        }
        if rules.contains("emergency") {
            let reason = coding(
                "http://terminology.hl7.org/CodeSystem/v3-ActReason", "ETREAT", "Emergency Treatment")
            members.append(.init("purposeOfUse", [["coding": [reason]]]))
        }
        return .object(members)
    }

    /// A browser, or Salus. The log keeps no addresses, so the network that the profiles demand is said to be unknown.
    private func machine(_ machine: AuditShape.Machine) -> CanonicalValue {
        [
            "type": [
                "coding": [coding("http://dicom.nema.org/resources/ontology/DCM", machine.code, machine.display)]
            ],
            "who": machine.isServer ? observer : ["display": "The browser of the person"],
            "requestor": false,
            "network": [
                "extension": [
                    ["url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"]
                ]
            ],
        ]
    }

    private var observer: CanonicalValue {
        ["identifier": Self.uuid(institution.description), "display": "Salus"]
    }

    private var source: CanonicalValue {
        let type = coding("http://terminology.hl7.org/CodeSystem/security-source-type", "4", "Application Server")
        return ["observer": observer, "type": [type]]
    }

    private func entities(_ shape: AuditShape) -> [CanonicalValue] {
        let whose: CanonicalValue = [
            "what": ["type": "Patient", "identifier": Self.uuid(patient.description)],
            "type": coding(Self.entityType, "1", "Person"), "role": coding(Self.objectRole, "1", "Patient"),
        ]
        let object = coding(Self.entityType, "2", "System Object")
        switch shape {
        case .read(let record):
            let role = coding(Self.objectRole, "4", "Domain Resource")
            return [whose, ["what": ["identifier": Self.uuid(record)], "type": object, "role": role]]
        case .query(let section):
            let query = Self.query("\(patient)", section)
            let role = coding(Self.objectRole, "24", "Query")
            return [
                whose,
                [
                    "type": object, "role": role, "description": .string(query),
                    "query": .string(Base64.encode(query.utf8)),
                ],
            ]
        case .other: return [whose]
        }
    }

    /// What was asked for a page of the chart. The entry keeps the section and not the address, of which this is what
    /// mattered.
    static func query(_ patient: String, _ section: String) -> String {
        "GET /records/\(patient)?section=\(section)"
    }

    private static func uuid(_ id: String) -> CanonicalValue {
        ["system": "urn:ietf:rfc:3986", "value": .string("urn:uuid:\(id)")]
    }
}

/// A FHIR Coding.
func coding(_ system: String, _ code: String, _ display: String) -> CanonicalValue {
    ["system": .string(system), "code": .string(code), "display": .string(display)]
}
