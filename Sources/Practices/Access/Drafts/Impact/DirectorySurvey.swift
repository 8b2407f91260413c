// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// Compares two books of rules over everybody, every patient and every act, as of one moment.
///
/// Only one of those whom no rule can tell apart is asked about; that changes nothing in what comes out.
struct DirectorySurvey: Sendable {
    let census: Census
    private let people: SurveyPeople
    private let patients: SurveyPatients
    private let mentions: Mentions
    private let questions: SurveyQuestions

    /// Prepares the comparison as of the census' moment.
    init(_ questions: SurveyQuestions, _ census: Census, _ relations: [PatientRelations], _ mentions: Mentions) {
        self.census = census
        self.mentions = mentions
        self.questions = questions
        people = SurveyPeople(census.staff, at: census.now, mentions)
        patients = SurveyPatients(relations, census, people, mentions)
    }

    /// How many questions will be asked of both books.
    var size: Int { size(of: questions) }

    /// How many those would be.
    func size(of questions: SurveyQuestions) -> Int {
        let askers = people.groups.count + Self.others(mentions).count
        return askers
            * (patients.groups.count * questions.patient.count + questions.clinic.count
                + (2 + mentions.entities.count) * questions.shared.count) + patients.ties.count
            * questions.patient.count
    }

    /// Of what the number is made, in words.
    var kinds: String {
        """
        \(people.groups.count) kinds of people, \(patients.groups.count) kinds of patients and \(patients.ties.count) \
        relations of care
        """
    }

    /// The differences.
    ///
    /// - Parameter progress: told now and then how many of `size` questions were asked.
    /// - Throws: `CancellationError`.
    func run(progress: @Sendable (Int) -> Void) async throws -> Impact {
        var count = Counting()
        var asked = 0
        let tied = tiedPeople()
        for group in people.groups.indices {
            try Task.checkCancellation()
            try askAboutClinic(people.groups[group], &count)
            for patientGroup in patients.groups.indices {
                try ask(group, patientGroup, tied, &count)
            }
            asked += patients.groups.count * questions.patient.count
            progress(asked)
            await Task.yield()
        }
        try await askAboutTies(from: asked, &count, progress)
        for other in Self.others(mentions) { try ask(other, &count) }
        var impact = count.impact
        impact.people = census.staff.count
        impact.patients = patients.entities.count
        impact.decisions = decisions
        return impact
    }

    /// Everybody × all patients × all acts, and the clinic and what two people decide for everybody.
    private var decisions: Int {
        let others = Self.others(mentions)
        let named = namedPeople.count
        return (census.staff.count + others.count)
            * (patients.entities.count * questions.patient.count + questions.clinic.count)
            + census.staff.count * (2 + named) * questions.shared.count + others.count * questions.shared.count
    }

    private var namedPeople: [EntityUID] { mentions.entities.filter { $0.type == CedarType.person }.sorted() }

    private func askAboutClinic(_ group: SurveyPeople.Group, _ count: inout Counting) throws {
        let whos = group.members.map { Impact.Who(people.entities[$0].uid) }
        let institution = Entity(uid: SurveyQuestions.institution)
        for action in questions.clinic {
            try count.add(
                try questions.compare(group.model, action, institution), whos.map { ($0, 1) }, action, .clinic,
                row: .clinic)
            try questions.addBroken(group.model, action, institution, to: &count.broken)
        }
        for (action, type) in questions.shared {
            let makers: [(EntityUID, Impact.Thing)] =
                [(group.model.uid, .own), (SurveyQuestions.nobody, .others)]
                + namedPeople.filter { $0 != group.model.uid }.map { ($0, .of($0.id.string)) }
            for (maker, thing) in makers {
                let made = Entity(uid: EntityUID(type: type, id: "this"), attributes: ["by": .entity(maker)])
                try count.add(
                    try questions.compare(group.model, action, made), whos.map { ($0, 1) }, action, thing, row: nil)
                try questions.addBroken(group.model, action, made, to: &count.broken)
            }
        }
    }

    /// How many patients of each group have a tie to each person.
    private func tiedPeople() -> [Int: [Int: Int]] {
        var tied: [Int: [Int: Int]] = [:]
        for tie in patients.ties { tied[tie.person, default: [:]][patients.groupOf[tie.patient], default: 0] += 1 }
        return tied
    }

    private func ask(
        _ group: Int, _ patientGroup: Int, _ tied: [Int: [Int: Int]], _ count: inout Counting
    ) throws {
        let (who, what) = (people.groups[group], patients.groups[patientGroup])
        let counts: [(Impact.Who, Int)] = who.members.compactMap { place in
            let left = what.count - (tied[place]?[patientGroup] ?? 0)
            return left > 0 ? (Impact.Who(people.entities[place].uid), left) : nil
        }
        guard !counts.isEmpty else { return }
        let isOfDepartment = Self.isOne(who.department, what.department)
        let thing = Impact.Thing.chart(isOfDepartment ? .department : .neither, holds: what.holds)
        for action in questions.patient {
            try count.add(
                try questions.compare(who.model, action, what.model), counts, action, thing,
                row: .init(action, thing))
            try questions.addBroken(who.model, action, what.model, to: &count.broken)
        }
    }

    /// What makes two ties the same to every rule.
    private struct TieLikeness: Hashable {
        let people: Int
        let patients: Int
        let care: Value?
        let emergency: Instant?
    }

    private func askAboutTies(
        from start: Int, _ count: inout Counting, _ progress: @Sendable (Int) -> Void
    ) async throws {
        var known: [TieLikeness: [RulePair.Comparison]] = [:]
        for (number, tie) in patients.ties.enumerated() {
            let likeness = TieLikeness(
                people: people.groupOf[tie.person], patients: patients.groupOf[tie.patient], care: tie.care,
                emergency: tie.emergency)
            let answers = try known[likeness] ?? questions.patient.map { try compare(tie, $0) }
            known[likeness] = answers
            let thing = thing(of: tie)
            for (action, answer) in zip(questions.patient, answers) {
                try count.add(
                    answer, [(Impact.Who(people.entities[tie.person].uid), 1)], action, thing,
                    row: .init(action, thing))
            }
            guard number.isMultiple(of: 1_000) else { continue }
            try Task.checkCancellation()
            progress(start + number * questions.patient.count)
            await Task.yield()
        }
    }

    private func compare(_ tie: SurveyPatients.Tie, _ action: EntityUID) throws -> RulePair.Comparison {
        let (who, what) = (people.entities[tie.person], patients.entities[tie.patient])
        return try questions.compare(who, action, what)
    }

    /// Departments by bytes, as rules compare them.
    private static func isOne(_ department: String?, _ other: String?) -> Bool {
        guard let department, let other else { return false }
        return department.utf8.elementsEqual(other.utf8)
    }

    private func thing(of tie: SurveyPatients.Tie) -> Impact.Thing {
        let who = people.groups[people.groupOf[tie.person]]
        let what = patients.groups[patients.groupOf[tie.patient]]
        let relation: Impact.Relation
        if let until = tie.emergency, census.now < until {
            relation = .emergency
        } else if tie.care?.isCare(at: census.now) ?? false {
            relation = .careTeam
        } else if Self.isOne(who.department, what.department) {
            relation = .department
        } else {
            relation = .neither
        }
        return .chart(relation, holds: what.holds)
    }

    /// Everybody who can ask and is not in the directory.
    static func others(_ mentions: Mentions) -> [EntityUID] {
        let types = ["anonymous", "application", "operator", "system"].compactMap { CedarType.byHouseType[$0] }
        let named = mentions.entities.filter { types.contains($0.type) }
        return Set(types.map { EntityUID(type: $0, id: "") }).union(named).sorted()
    }

    private func ask(_ other: EntityUID, _ count: inout Counting) throws {
        let who = Impact.Who(other)
        let entity = Entity(uid: other)
        var asking = questions
        asking.circumstances.secondFactor = false
        for action in questions.clinic {
            let answer = try asking.compare(entity, action, Entity(uid: SurveyQuestions.institution))
            try count.add(answer, [(who, 1)], action, .clinic, row: nil)
        }
        for (action, type) in questions.shared {
            let made = Entity(
                uid: EntityUID(type: type, id: "this"), attributes: ["by": .entity(SurveyQuestions.nobody)])
            try count.add(try asking.compare(entity, action, made), [(who, 1)], action, .others, row: nil)
        }
        for group in patients.groups {
            for action in questions.patient {
                let answer = try asking.compare(entity, action, group.model)
                try count.add(
                    answer, [(who, group.count)], action, .chart(.neither, holds: group.holds), row: nil)
            }
        }
    }
}
