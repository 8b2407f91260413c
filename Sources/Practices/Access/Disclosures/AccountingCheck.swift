// SPDX-License-Identifier: Apache-2.0

package import Codecs
import Kernel
package import Ledger

/// Holds the AuditEvents of one accounting against the entries of the log that they carry, for whoever checks a download
/// without an installation: a true entry in an event that says something else proves nothing.
///
/// What an entry does not hold is not compared: the names of people, and which patient the pseudonym stands for. That all
/// entries are about one and the same patient is.
package struct AccountingCheck: Sendable {
    private var first: (pseudonym: [UInt8], patient: String?)?

    /// The check of an accounting of which nothing was looked at yet.
    package init() {}

    /// What is wrong with the next event, in words that name its element; nil when it says what its entry says.
    ///
    /// - Parameters:
    ///   - entry: the entry of the FHIR Bundle.
    ///   - leaf: what the event carries, of which the proof was seen to hold.
    ///   - index: its place in the log, as the proof has it.
    package mutating func problem(of entry: JSONNode, _ leaf: Ledger.Leaf, at index: UInt64) -> String? {
        guard let pseudonym = leaf.on else { return "its entry is about no patient" }
        let event = entry["resource"]
        let patient = event?.at("entity", 0, "what", "identifier", "value")?.string
        let known = first ?? (pseudonym, patient)
        first = known
        let checks = EventCheck(entry: entry, leaf: leaf, index: index).all
        if let failed = checks.first(where: { !$0.holds }) {
            return "the event says something else than its entry: `\(failed.element)` should be \(failed.should)"
        }
        guard pseudonym == known.pseudonym, let patient,
            known.patient.map({ $0.utf8.elementsEqual(patient.utf8) }) ?? false
        else { return "it is about another patient than the first one of this accounting" }
        return nil
    }
}

/// One event and the entry that it carries.
private struct EventCheck {
    let entry: JSONNode
    let leaf: Ledger.Leaf
    let index: UInt64

    private var shape: AuditShape { AuditShape(Disclosure(leaf).interaction) }
    private var event: JSONNode? { entry["resource"] }

    struct Check {
        let element: String
        let should: String
        let holds: Bool
    }

    /// What `AuditEvents` takes from the entry, element by element.
    var all: [Check] {
        [
            text("resourceType", "AuditEvent", event?["resourceType"]), text("id", "\(leaf.id)", event?["id"]),
            // FHIR lets a Bundle leave it out.
            text("fullUrl", "urn:uuid:\(leaf.id)", entry["fullUrl"], isOptional: true),
            Check(element: "recorded", should: leaf.at.rfc3339, holds: isRecorded),
            text("outcome", "0", event?["outcome"]), text("action", shape.action, event?["action"]), kind, agents,
            rules, purpose, object, place,
        ]
    }

    private func text(_ element: String, _ should: String, _ found: JSONNode?, isOptional: Bool = false) -> Check {
        Check(element: element, should: should, holds: found?.means(should) ?? isOptional)
    }

    /// The same moment, however it is written.
    private var isRecorded: Bool {
        let micros = event?["recorded"]?.string.flatMap { try? RFC3339.parse($0) }
        return micros == leaf.at.microseconds
    }

    private var kind: Check {
        let expected = shape.subtype(of: leaf.kind)
        let code = expected["code"]?.stringValue ?? ""
        let found = Array(event?["subtype"]?.elements.map { $0 } ?? [])
        let holds =
            found.count == 1 && found[0]["code"]?.means(code) ?? false
            && found[0]["system"]?.means(expected["system"]?.stringValue ?? "") ?? false
            && Self.says(found[0]["display"], expected["display"]?.stringValue)
        return Check(element: "subtype", should: code, holds: holds)
    }

    /// Whether a text is there exactly where it should be, and says what it should.
    private static func says(_ found: JSONNode?, _ should: String?) -> Bool {
        should.map { found?.means($0) ?? false } ?? (found == nil)
    }

    /// Exactly one agent asked for it, the one of the entry; the others are the machines between.
    private var agents: Check {
        let found = Array(event?["agent"]?.elements.map { $0 } ?? [])
        let who = requestor?.at("who", "identifier")
        let holds =
            found.count == 1 + shape.machines.count && found.count { $0["requestor"]?.bool ?? true } == 1
            && who?["system"]?.means("\(AuditEvents.base)/\(leaf.actor.type)") ?? false
            && who?["value"]?.means(leaf.actor.id) ?? false
        return Check(element: "agent", should: "\(leaf.actor.type) \(leaf.actor.id)", holds: holds)
    }

    private var requestor: JSONNode? { event?["agent"]?.elements.first { $0["requestor"]?.bool == true } }

    private var rules: Check {
        let found = requestor?["policy"]?.elements.map { $0 } ?? []
        let wanted = leaf.ruleNames
        return Check(
            element: "agent.policy", should: wanted.isEmpty ? "missing" : wanted.joined(separator: ", "),
            holds: found.count == wanted.count
                && zip(found, wanted).allSatisfy { $0.means("\(AuditEvents.base)/rule/\($1)") })
    }

    private var purpose: Check {
        let isEmergency = leaf.ruleNames.contains("emergency")
        let code = requestor?.at("purposeOfUse", 0, "coding", 0, "code")
        return Check(
            element: "agent.purposeOfUse", should: isEmergency ? "ETREAT" : "missing",
            holds: isEmergency ? code?.means("ETREAT") ?? false : requestor?["purposeOfUse"] == nil)
    }

    /// What was read, beside whose it is.
    private var object: Check {
        let found = Array(event?["entity"]?.elements.map { $0 } ?? [])
        // The patient has no description, and of what was read only the question has one.
        func isDescribed(_ last: String?) -> Bool {
            found.dropLast().allSatisfy { $0["description"] == nil } && Self.says(found.last?["description"], last)
        }
        switch shape {
        case .read(let record):
            let value = found.last?.at("what", "identifier", "value")
            return Check(
                element: "entity", should: "record \(record)",
                holds: found.count == 2 && value?.means("urn:uuid:\(record)") ?? false && isDescribed(nil))
        case .query(let section):
            let urn = found.first?.at("what", "identifier", "value")?.string ?? ""
            let wanted = AuditEvents.query(String(urn.dropFirst("urn:uuid:".count)), section)
            let query = found.last?["query"]?.string.flatMap { Base64.decode($0) } ?? []
            return Check(
                element: "entity", should: "section \(section)",
                holds: found.count == 2 && query.elementsEqual(wanted.utf8) && isDescribed(wanted))
        case .other:
            return Check(element: "entity", should: "the patient alone", holds: found.count == 1 && isDescribed(nil))
        }
    }

    private var place: Check {
        let evidence = event?["extension"]?.elements.lazy
            .filter { $0["url"]?.means(AuditEvents.evidence) ?? false }.compactMap { $0["extension"] }.first
        let said = evidence?.elements.first { $0["url"]?.means("index") ?? false }?["valueDecimal"]
        return Check(
            element: "extension.index", should: "\(index)", holds: said?.integer.map { UInt64(exactly: $0) } == index)
    }
}
