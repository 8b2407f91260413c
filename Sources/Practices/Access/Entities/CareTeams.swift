// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Store

/// Whether care teams decide who reads charts, and what that means for the people and patients that there are.
struct CareTeams: Sendable {
    private let house: House

    init(_ house: House) {
        self.house = house
    }

    /// Who would be on a care team.
    struct Figures: Sendable {
        /// People with an account who treat patients.
        let treating: Int
        /// Those of them whom records can name, by a number as a practitioner.
        let practitioners: Int
        /// Patients.
        let patients: Int
        /// Those of them for whom somebody in this house cares now.
        let caredFor: Int
    }

    /// Whether they decide now.
    func areOn() async throws -> Bool {
        try await house.store.read { tx in try Scene(tx).careTeams }
    }

    /// Who would be on a care team now.
    func figures() async throws -> Figures {
        let treating = try await house.directory.everyone().filter { person in
            person.isEnabled && [StaffRole.physician, .nurse].contains { person.roles.contains($0.rawValue) }
        }.map(\.id)
        let relations = try await (house.authorizer as? RuleAuthorizer)?.patients.current?.allRelations() ?? []
        return try await house.store.read { tx in
            let (now, people) = (tx.now, try tx.people(of: nil))
            let known = Set(people.values.joined()).intersection(treating)
            let caredFor = relations.filter { patient in
                patient.care.contains { care in
                    care.holds(at: now)
                        && !known.isDisjoint(with: people[care.practitioner] ?? [])
                }
            }
            return Figures(
                treating: treating.count, practitioners: known.count, patients: relations.count,
                caredFor: caredFor.count)
        }
    }

    /// Switches them on or off. Nothing happens when they are so already.
    func set(_ isOn: Bool, _ figures: Figures, by actor: EntityReference) async throws {
        try await house.store.write { tx in
            guard try Scene(tx).careTeams != isOn else { return }
            try tx.execute(
                """
                INSERT INTO access_settings (name, value) VALUES ('care-teams', ?)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """, [.integer(isOn ? 1 : 0)])
            try tx.record(
                Fact(
                    EmergencyFacts.careTeams, by: actor,
                    [
                        .init("on", .boolean(isOn)), .init("practitioners", .integer(Int64(figures.practitioners))),
                        .init("patients", .integer(Int64(figures.caredFor))),
                    ]))
        }
    }
}

extension CareTeams.Figures {
    /// The figures in words.
    var words: [String] {
        [
            "\(practitioners) of \(treating) physicians and nurses have a number as a practitioner",
            "\(caredFor) of \(patients) patients have somebody here who cares for them now",
        ]
    }

    /// The figures for other programs.
    var members: [CanonicalMember] {
        [
            .init("treating", .integer(Int64(treating))), .init("practitioners", .integer(Int64(practitioners))),
            .init("patients", .integer(Int64(patients))), .init("caredFor", .integer(Int64(caredFor))),
        ]
    }

    /// What somebody who switches care teams on should know; nil where nobody is left out.
    var warning: String? {
        guard practitioners < treating || caredFor < patients else { return nil }
        return """
            From now on physicians and nurses without a number as a practitioner open charts of their department and \
            in an emergency only, and so does everybody for patients whom nobody cares for.
            """
    }
}
