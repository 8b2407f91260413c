// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// Who can see a patient's records: what the rules in force say to everybody of the directory, at one moment.
///
/// It is complete or it is not made: whoever cannot be asked about makes the whole of it fail.
struct ReaderSearch: Sendable {
    /// When they were asked.
    let asked: Instant
    /// The rules that answered.
    let book: RuleBook
    /// Everybody, by name; closed accounts included.
    let people: [Reader]

    private let census: Census
    private let patient: PatientRelations

    /// Asks the rules about everybody.
    ///
    /// - Throws: `Fault.unavailable` when they cannot be asked about somebody.
    init(_ census: Census, on patient: PatientRelations) throws {
        (self.census, self.patient) = (census, patient)
        asked = census.now
        book = census.book
        let care = patient.careOfPeople(at: census.now, people: census.practitioners)
        let entity = patient.entity(at: census.now, people: census.practitioners)
        people = try census.staff.map { member in
            do {
                return try Reader(member, census, patient, entity, care: care[member.summary.id])
            } catch {
                throw Fault(
                    .unavailable,
                    "The rules could not be asked about one person, so this list would not be complete. Try again.",
                    cause: error)
            }
        }
    }

    /// What the rules say to one of them in full, also why not.
    func answers(to reader: Reader) throws -> ReaderAnswers {
        ReaderAnswers(
            reader: reader, chart: try census.decide(ReadingKind.chart.action, reader.member, on: patient),
            protected: try ReadingKind.protected.map { try census.decide($0.action, reader.member, on: patient) })
    }

    /// Those whose accounts are in use.
    var active: [Reader] { people.filter(\.member.summary.isEnabled) }
    /// Those whose accounts are closed.
    var closed: [Reader] { people.filter { !$0.member.summary.isEnabled } }
    /// Those who can read the chart, whatever the state of their accounts.
    var readers: [Reader] { people.filter(\.canRead) }
    /// Those who cannot.
    var others: [Reader] { people.filter { !$0.canRead } }

    /// Under how many readers each rule stands, most first. A reader whom two rules let in counts under both.
    var byRule: [(rule: String, count: Int)] {
        Self.counted(readers.flatMap { Set($0.rules) })
    }

    /// Of each role, how many can read the chart and how many there are.
    var byRole: [(role: String, readers: Int, people: Int)] {
        let reading = Dictionary(grouping: readers.flatMap(\.member.summary.roles)) { $0 }
        return Self.counted(people.flatMap(\.member.summary.roles)).map { ($0.0, reading[$0.0]?.count ?? 0, $0.1) }
    }

    private static func counted(_ names: [String]) -> [(String, Int)] {
        Dictionary(grouping: names) { $0 }.map { ($0.key, $0.value.count) }
            .sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1 }
    }
}

/// A person of the directory, and what the rules say to them about one patient.
struct Reader: Sendable {
    let member: StaffMember
    /// The relation to the patient that rules see; nil when records name none.
    let care: CareRelation?
    /// Whether they can read the chart.
    let canRead: Bool
    /// The rules that let them; none for those who cannot.
    let rules: [String]
    /// Whether breaking the glass would open the chart to somebody who cannot read it.
    let opensInEmergency: Bool

    fileprivate init(
        _ member: StaffMember, _ census: Census, _ patient: PatientRelations, _ entity: Entity, care: CareRelation?
    ) throws {
        func allowing(_ action: Action, _ member: StaffMember) throws -> [String]? {
            try census.allowing(action, member, .patient(patient.patient), entity)
        }
        self.member = member
        self.care = care
        let opening = try allowing(ReadingKind.chart.action, member)
        canRead = opening != nil
        rules = opening ?? []
        let mayBreak = try opening == nil && allowing(AccessActions.breakGlass, member) != nil
        opensInEmergency =
            try mayBreak
            && allowing(ReadingKind.chart.action, member.breaking(patient.patient, at: census.now)) != nil
    }
}

/// What the rules say to somebody about one patient, in full.
struct ReaderAnswers: Sendable {
    let reader: Reader
    /// What is said about reading the chart.
    let chart: Kernel.Decision
    /// What is said about the classes of protected records, in the order of `ReadingKind.protected`.
    let protected: [Kernel.Decision]

    /// Of the classes of protected records, whether they can be read: that takes the chart as well.
    var readsProtected: [Bool] { protected.map { $0.isAllowed && chart.isAllowed } }
}
