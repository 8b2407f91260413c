// SPDX-License-Identifier: Apache-2.0

package import Building
import Codecs
import Crypto
package import Kernel
import Ledger
import Store

/// Tells an invented past of this practice by its own desks, at the time that the clock of the house tells. Only for a
/// store that was made for the synthetic clinic.
package struct SyntheticAccess: Sendable {
    private let house: House
    private let rules: RuleAuthorizer
    private let emergencies: EmergencyDesk
    private let grants: GrantDesk
    private let drafts: DraftDesk
    private let applications: ApplicationDesk

    /// - Throws: `Fault.refused` in a store that was made for real patients.
    package init(_ house: House) async throws {
        try await house.store.read { tx in try HouseRegister.demandSynthetic(tx) }
        self.house = house
        rules = try .of(house)
        emergencies = try await EmergencyDesk(house, patients: rules.patients)
        grants = GrantDesk(house: house, shelf: rules.shelf)
        drafts = DraftDesk(house: house, impacts: ImpactDesk(rules))
        applications = try await ApplicationDesk(house)
    }

    private static let unfit = Fault(.internal, "The demonstration tells something that this practice does not know.")

    // Emergencies

    /// Opens a chart in an emergency.
    ///
    /// - Parameter reason: one of those that people can choose from.
    /// - Returns: the id of the emergency.
    package func openEmergency(
        on patient: Identifier<Patient>, for person: Identifier<Person>, reason: String, words: String
    ) async throws -> [UInt8] {
        guard let reason = Emergency.Reason(rawValue: reason), let note = EmergencyNote(words) else { throw Self.unfit }
        return try await emergencies.open(patient, for: person, reason, note).id.bytes
    }

    /// The person ends it.
    package func endEmergency(_ id: [UInt8], of person: Identifier<Person>) async throws {
        try await emergencies.end(try Self.emergency(id), of: person)
    }

    /// Whatever emergency is open for an hour is over.
    package func endEmergenciesWhoseTimeIsOver() async throws {
        try await emergencies.endThoseWhoseTimeIsOver()
    }

    /// Somebody else judges it.
    package func reviewEmergency(
        _ id: [UInt8], finding: String, words: String, by reviewer: Identifier<Person>
    ) async throws {
        guard let finding = Emergency.Finding(rawValue: finding) else { throw Self.unfit }
        try await emergencies.review(try Self.emergency(id), finding, EmergencyNote(words), by: reviewer)
    }

    /// Somebody closes the follow-up that a review asked for.
    package func closeFollowUp(
        _ id: [UInt8], finding: String, words: String, by reviewer: Identifier<Person>
    ) async throws {
        guard let finding = Emergency.Finding(rawValue: finding), let note = EmergencyNote(words) else {
            throw Self.unfit
        }
        try await emergencies.closeFollowUp(try Self.emergency(id), finding, note, by: reviewer)
    }

    private static func emergency(_ id: [UInt8]) throws -> Identifier<Emergency> {
        guard let id = Identifier<Emergency>(bytes: id) else { throw unfit }
        return id
    }

    // Roles

    /// Somebody confirms all roles of a person.
    package func keepRoles(of person: Identifier<Person>, by reviewer: Identifier<Person>) async throws {
        try await grants.keepAll(of: person, by: reviewer)
    }

    /// Somebody says that a person needs a role no more.
    package func refuseRole(
        _ role: String, of person: Identifier<Person>, by reviewer: Identifier<Person>
    ) async throws {
        try await grants.review(role, of: person, .remove, by: reviewer)
    }

    /// Does what the scheduled work of this practice does: reads on in the log, closes what is done, and clears away
    /// what was kept for people who left.
    package func catchUp() async throws {
        try? await house.ledger.settle()
        _ = try await grants.catchUp()
        try await grants.closeRemoved()
        try await Leavers.clear(house)
    }

    // Rules

    /// Drafts the rules in force with one rule more, and puts that forward.
    ///
    /// - Returns: the id of the draft.
    package func proposeRule(
        _ rule: String, note: String, by author: Identifier<Person>
    ) async throws -> Identifier<Record> {
        let text = try await drafts.text(ofVersion: nil) + Array("\n\(rule)\n".utf8)
        let id = try await drafts.add(try await drafts.check(text), note: note, by: author)
        try await drafts.propose(id, seen: nil, by: author)
        return id
    }

    /// Somebody else approves a draft, having seen what is different under it.
    package func approveRule(_ id: Identifier<Record>, by person: Identifier<Person>) async throws {
        let draft = try await drafts.draft(id)
        let shown = try await drafts.impacts.compute(draft.policies)
        for _ in 0..<60 {
            switch try await drafts.approve(id, shown: shown.digest, by: person) {
            case .inForce: return
            case .computing: continue
            case .lookAgain, .forgotten, .needsAnother: throw Self.unfit
            }
        }
        throw Self.unfit
    }

    /// Somebody else sends a draft back.
    package func sendRuleBack(
        _ id: Identifier<Record>, words: String, by person: Identifier<Person>
    ) async throws {
        guard let words = DraftWords(words) else { throw Self.unfit }
        let digest = RuleText.digest(try await drafts.draft(id).policies)
        try await drafts.sendBack(id, words, looked: digest, by: person)
    }

    /// The author takes a draft back.
    package func withdrawRule(_ id: Identifier<Record>, by author: Identifier<Person>) async throws {
        try await drafts.withdraw(id, by: author)
    }

    // Programs that ask

    /// Lets a program ask about the house; nobody learns its token.
    package func addApplication(_ name: String, by actor: EntityReference) async throws {
        guard let name = ApplicationName(name) else { throw Self.unfit }
        _ = try await applications.add(name, nil, honoursMasks: true, by: actor)
    }

    /// Gives a program another token, which nobody learns.
    package func changeToken(of name: String, by actor: EntityReference) async throws {
        _ = try await applications.rotateToken(of: try await applications.application(named: name), by: actor)
    }

    /// A program asks once, about people and patients whom only the house could name.
    package func ask(_ name: String, decisions: Int, permitted: Int, rule: String) async throws {
        let application = try await applications.application(named: name)
        var leaf = EvaluationLeaf(application, asked: "evaluations", key: .init(size: .bits256))
        for number in 0..<decisions {
            var verdict = Verdict(isAllowed: number < permitted, reason: "")
            if verdict.isAllowed { verdict.policies = [rule] }
            leaf.add(verdict)
        }
        let fact = leaf.fact
        try await house.store.write { tx in
            try tx.noteUse(of: application)
            try tx.record(fact)
        }
    }
}

extension AccessPractice {
    /// The fact that a rule let somebody of the demonstration do something.
    package static func syntheticAllowance(
        _ person: Identifier<Person>, _ action: String, on resource: EntityReference?, by rule: String,
        at moment: Instant
    ) -> Fact {
        Fact(
            AccountingFacts.allowed, by: .person(person), effective: moment,
            [
                .init("action", .string(action)), .init("resource", .string(resource?.type ?? "institution")),
                .init("id", .string(resource?.id ?? "")), .init("rules", .array([.string(rule)])),
            ])
    }

    /// The fact that somebody of the demonstration was refused a chart.
    package static func syntheticRefusal(
        of person: Identifier<Person>, on patient: Identifier<Patient>, _ subject: [UInt8], at moment: Instant
    ) -> Fact {
        Fact(
            AccessFacts.refused, by: .person(person), on: subject, effective: moment,
            [
                .init("action", "vault.read-chart"), .init("resource", "patient"),
                .init("id", .string(patient.description)), .init("rules", []),
                .init("nearest", "care-team-reads-chart"),
            ])
    }
}
