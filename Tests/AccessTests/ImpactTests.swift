// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel
import TestSupport
import Testing

@testable import Access

/// What would be different under other rules is exactly what asking one by one says.
struct ImpactTests {
    private static let books: [String] = [
        // Opens nothing and closes something.
        "permit (principal in Role::\"nurse\", action == Action::\"vault.read-chart\", resource is Patient) when { resource.hasProtectedRecords };",
        // By the tag of one person who is written out.
        "permit (principal is Person, action == Action::\"vault.read-hiv\", resource is Patient) when { resource.hasTag(\"PERSON\") };",
        // One patient, one person.
        "permit (principal == Person::\"PERSON\", action in Action::\"protected\", resource == Patient::\"PATIENT\");",
        // By the key, which tells everybody apart.
        "permit (principal in Role::\"researcher\", action == Action::\"vault.read-chart\", resource is Patient) when { resource.key like \"*7*\" };",
        // By emergencies and by time.
        "permit (principal is Person, action == Action::\"access.see-readers\", resource is Patient) when { principal.hasTag(resource.key) && context.now < principal.getTag(resource.key) };",
        "permit (principal is Person, action, resource is Patient) when { resource.hasTag(principal.key) } when { resource.getTag(principal.key).until < context.now };",
        "forbid (principal is Person, action == Action::\"vault.read-chart\", resource is Patient) when { resource has department && !(principal in resource.department) };",
        "permit (principal in Role::\"laboratory\", action == Action::\"vault.read-chart\", resource is Patient);",
        "forbid (principal, action == Action::\"ledger.read-entries\", resource) unless { principal in Role::\"auditor\" };",
    ]

    @Test(arguments: 0..<6)
    func isWhatAskingOneByOneSays(seed: UInt64) async throws {
        var dice = SplitMix64(seed: seed)
        try await AccessFixture.with { house in
            let (staff, patients) = try await Self.populate(house, using: &dice)
            let census = try await Self.census(house, patients, using: &dice)
            let extra = Self.books.filter { _ in Bool.random(using: &dice) }.enumerated().map { number, text in
                "@id(\"extra-\(number)\") @mask(\"Observation\")\n"
                    + text.replacing("PERSON", with: "\(staff[0])").replacing("PATIENT", with: "\(patients[0])")
            }
            let kept = String(decoding: BuiltInRules.policies, as: UTF8.self)
                .replacing("@id(\"billing-reads-visits\")", with: "@id(\"billing-reads-visits\") @seed(\"\(seed)\")")
                .replacing("Observation, DiagnosticReport,", with: seed.isMultiple(of: 2) ? "" : "Observation,")
            let before = try RuleBook.builtIn()
            let after = try RuleBook(parsing: Array((kept + extra.joined(separator: "\n")).utf8), version: 1)
            let relations = try await house.patients.allRelations()
            let impact = try await ImpactSurvey(before: before, after: after, census, relations).run()

            let expected = try Self.oneByOne(before, after, census, relations)
            let found = impact.lines.filter {
                if case .chart = $0.key.thing, case .person = $0.key.who { true } else { false }
            }
            #expect(found == expected, "\(extra)")
            #expect(impact.people == census.staff.count && impact.patients == relations.count)
            #expect(impact.decisions > relations.count * census.staff.count * 7)
        }
    }

    /// People with random roles and departments, patients with random care, classes and emergencies.
    private static func populate(
        _ house: AccessFixture, using dice: inout SplitMix64
    ) async throws -> ([Identifier<Kernel.Person>], [Identifier<Kernel.Patient>]) {
        if Bool.random(using: &dice) { try await house.useCareTeams() }
        var people: [Identifier<Kernel.Person>] = []
        for number in 0..<8 {
            let role = StaffRole.allCases[Int.random(in: 0..<StaffRole.allCases.count, using: &dice)]
            let person = house.person("P\(number)", number < 4 ? .nurse : role, isEnabled: number != 7)
            people.append(person)
            try await house.know(person, as: "npi|\(number)")
            if Bool.random(using: &dice) { try await house.put(person, in: Bool.random(using: &dice) ? "A" : "B") }
        }
        var patients: [Identifier<Kernel.Patient>] = []
        for _ in 0..<12 {
            let care = (0..<Int.random(in: 0..<4, using: &dice)).map { _ in
                let from = house.now.advanced(by: .hours(Int64.random(in: -200..<20, using: &dice)))
                return CareRelation(
                    practitioner: "npi|\(Int.random(in: 0..<8, using: &dice))", kind: .encounter, from: from,
                    until: Bool.random(using: &dice) ? nil : from.advanced(by: .hours(100)))
            }
            let department = ["A", "B", nil][Int.random(in: 0..<3, using: &dice)]
            let protected = Set(ProtectedClass.allCases.filter { _ in Int.random(in: 0..<4, using: &dice) == 0 })
            patients.append(house.patient(care: care, department: department, protected: protected))
        }
        return (people, patients)
    }

    /// Everybody as of now, and some who opened a chart in an emergency.
    private static func census(
        _ house: AccessFixture, _ patients: [Identifier<Kernel.Patient>], using dice: inout SplitMix64
    ) async throws -> Census {
        let census = try await house.rules.census()
        var staff = census.staff
        for _ in 0..<4 {
            let patient = patients[Int.random(in: 0..<patients.count, using: &dice)]
            let hours = Int64.random(in: -1...1, using: &dice)
            staff[Int.random(in: 0..<staff.count, using: &dice)].emergencies[patient] =
                census.now.advanced(by: .hours(hours))
        }
        return Census(
            now: census.now, careTeams: census.careTeams, book: census.book, staff: staff,
            practitioners: census.practitioners)
    }

    private static func oneByOne(
        _ before: RuleBook, _ after: RuleBook, _ census: Census, _ patients: [PatientRelations]
    ) throws -> [Impact.Line: Int] {
        let actions = try HouseSchema.schema().actions.filter { $0.value.resources.contains(CedarType.patient) }
        var lines: [Impact.Line: Int] = [:]
        for member in census.staff {
            for patient in patients {
                let thing = Impact.Thing.chart(relation(member, patient, census), holds: patient.protected)
                for id in actions.keys.map(\.id.string) {
                    let action = Action(id, id)
                    let old = try answer(action, member, patient, before, census)
                    let new = try answer(action, member, patient, after, census)
                    func add(_ change: Impact.Change) {
                        let line = Impact.Line(
                            who: .person(member.summary.id), action: id, thing: thing, change: change)
                        lines[line, default: 0] += 1
                    }
                    if old.isAllowed != new.isAllowed { add(new.isAllowed ? .gained : .lost) }
                    guard old.isAllowed, new.isAllowed else { continue }
                    let (shown, hidden) = (
                        Set(old.masks).subtracting(new.masks), Set(new.masks).subtracting(old.masks)
                    )
                    if !shown.isEmpty { add(.shown(shown.sorted())) }
                    if !hidden.isEmpty { add(.hidden(hidden.sorted())) }
                }
            }
        }
        return lines
    }

    /// What the rules say; that an emergency may be opened counts only where the chart then opens.
    private static func answer(
        _ action: Action, _ member: StaffMember, _ patient: PatientRelations, _ book: RuleBook, _ census: Census
    ) throws -> Kernel.Decision {
        let answer = try census.decide(action, member, on: patient, by: book)
        guard action.id == AccessActions.breakGlass.id, answer.isAllowed else { return answer }
        let opener = member.breaking(patient.patient, at: census.now)
        return try census.decide(Action(Impact.readChart, ""), opener, on: patient, by: book)
    }

    private static func relation(
        _ member: StaffMember, _ patient: PatientRelations, _ census: Census
    ) -> Impact.Relation {
        if let until = member.emergencies[patient.patient], until > census.now { return .emergency }
        let treats = patient.care.contains { care in
            care.holds(at: census.now)
                && (census.practitioners[care.practitioner] ?? []).contains(member.summary.id)
        }
        if treats { return .careTeam }
        return member.department != nil && member.department == patient.department ? .department : .neither
    }

    @Test func groupsThoseWhomNoRuleTellsApart() async throws {
        try await AccessFixture.with { house in
            for number in 0..<40 { _ = house.person("N\(number)", .nurse) }
            for _ in 0..<200 { _ = house.patient(department: "A") }
            let census = try await house.rules.census()
            let relations = try await house.patients.allRelations()
            let book = try RuleBook.builtIn()
            let small = try ImpactSurvey(before: book, after: book, census, relations)
            // By the key every patient is another one.
            let text =
                String(decoding: BuiltInRules.policies, as: UTF8.self) + """
                    @id("by-key") permit (principal, action, resource is Patient) when { resource.key like "0*" };
                    """
            let large = try ImpactSurvey(before: book, after: RuleBook(parsing: Array(text.utf8)), census, relations)
            #expect(large.size > small.size + 40 * 200 * 6)
            #expect(throws: Fault.self) {
                _ = try ImpactSurvey(
                    before: book, after: RuleBook(parsing: Array(text.utf8)), census, relations,
                    limit: large.size - 1)
            }
            let impact = try await small.run()
            #expect(impact.lines.isEmpty && impact.possible.isEmpty && impact.broken.isEmpty)
        }
    }
}
