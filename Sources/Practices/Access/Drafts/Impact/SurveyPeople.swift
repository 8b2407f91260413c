// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// People whom no rule can tell apart, but by what ties one of them to a single patient.
struct SurveyPeople: Sendable {
    /// Of such people, what they have in common.
    struct Group: Sendable {
        /// One of them, without ties to patients.
        let model: Entity
        /// The department, by name.
        let department: String?
        /// All of them, by their place in the directory.
        var members: [Int] = []
    }

    let groups: [Group]
    /// Everybody, as rules see them.
    let entities: [Entity]
    /// The group of each person.
    let groupOf: [Int]
    /// Where each person is, by key.
    let places: [Text: Int]

    private struct Likeness: Hashable {
        let parents: Set<EntityUID>
        let attributes: [Text: Value]
        let tags: [Text: Value]
        let alone: Text?
    }

    /// Puts those together whom no rule of `mentions` tells apart.
    init(_ staff: [StaffMember], at now: Instant, _ mentions: Mentions) {
        entities = staff.map { $0.entity(at: now) }
        places = Dictionary(entities.enumerated().map { ($1.uid.id, $0) }, uniquingKeysWith: { first, _ in first })
        var numbers: [Likeness: Int] = [:]
        var groups: [Group] = []
        var groupOf: [Int] = []
        for (place, entity) in entities.enumerated() {
            var attributes = entity.attributes
            attributes["key"] = nil
            let tags = entity.tags.filter { mentions.tellsEverybodyApart || mentions.names.contains($0.key) }
            let isAlone = mentions.tellsEverybodyApart || mentions.names.contains(entity.uid.id)
            let likeness = Likeness(
                parents: entity.parents, attributes: attributes, tags: tags, alone: isAlone ? entity.uid.id : nil)
            let number = numbers[likeness] ?? groups.count
            if number == groups.count {
                numbers[likeness] = number
                groups.append(Group(model: entity.tagged(tags), department: staff[place].department))
            }
            groups[number].members.append(place)
            groupOf.append(number)
        }
        self.groups = groups
        self.groupOf = groupOf
    }
}

/// Patients whom no rule can tell apart, but by what ties them to a single person.
struct SurveyPatients: Sendable {
    /// Of such patients, what they have in common.
    struct Group: Sendable {
        /// One of them, without ties to people.
        let model: Entity
        /// The department, by name.
        let department: String?
        /// What the charts hold.
        let holds: Set<ProtectedClass>
        /// How many they are.
        var count = 0
    }

    /// A patient with a person: a relation of care, or a chart that was opened in an emergency.
    struct Tie: Sendable, Hashable {
        let person: Int
        let patient: Int
        let care: Value?
        let emergency: Instant?
    }

    let groups: [Group]
    /// All patients, as rules see them.
    let entities: [Entity]
    /// The group of each patient.
    let groupOf: [Int]
    /// Every patient with every person to whom something ties them.
    let ties: [Tie]

    private struct Likeness: Hashable {
        let department: String?
        let holds: Set<ProtectedClass>
        let tags: [Text: Value]
        let alone: Text?
    }

    /// Puts those together whom no rule of `mentions` tells apart.
    init(
        _ patients: [PatientRelations], _ census: Census, _ people: SurveyPeople, _ mentions: Mentions
    ) {
        entities = patients.map { $0.entity(at: census.now, people: census.practitioners) }
        var numbers: [Likeness: Int] = [:]
        var groups: [Group] = []
        var groupOf: [Int] = []
        for (patient, entity) in zip(patients, entities) {
            let tags = entity.tags.filter { mentions.tellsEverybodyApart || mentions.names.contains($0.key) }
            let isAlone =
                mentions.tellsEverybodyApart || mentions.names.contains(entity.uid.id)
                || entity.tags[entity.uid.id] != nil
            let likeness = Likeness(
                department: patient.department, holds: patient.protected, tags: tags,
                alone: isAlone ? entity.uid.id : nil)
            let number = numbers[likeness] ?? groups.count
            if number == groups.count {
                numbers[likeness] = number
                groups.append(
                    Group(model: entity.tagged(tags), department: patient.department, holds: patient.protected))
            }
            groups[number].count += 1
            groupOf.append(number)
        }
        self.groups = groups
        self.groupOf = groupOf
        ties = Self.ties(patients, entities, census, people)
    }

    private static func ties(
        _ patients: [PatientRelations], _ entities: [Entity], _ census: Census, _ people: SurveyPeople
    ) -> [Tie] {
        var emergencies: [Identifier<Kernel.Patient>: [Int: Instant]] = [:]
        for (place, member) in census.staff.enumerated() {
            for (patient, until) in member.emergencies { emergencies[patient, default: [:]][place] = until }
        }
        var ties: [Tie] = []
        for (number, (patient, entity)) in zip(patients, entities).enumerated() {
            var open = emergencies[patient.patient] ?? [:]
            for (key, care) in entity.tags {
                guard let person = people.places[key] else { continue }
                ties.append(
                    Tie(person: person, patient: number, care: care, emergency: open.removeValue(forKey: person)))
            }
            for (person, until) in open {
                ties.append(Tie(person: person, patient: number, care: nil, emergency: until))
            }
        }
        return ties
    }
}

extension Entity {
    /// The same with these tags and no others.
    func tagged(_ tags: [Text: Value]) -> Entity {
        Entity(uid: uid, attributes: attributes, tags: tags, parents: parents)
    }

    /// The same with one attribute changed.
    func with(_ attribute: Text, _ value: Value) -> Entity {
        var attributes = attributes
        attributes[attribute] = value
        return Entity(uid: uid, attributes: attributes, tags: tags, parents: parents)
    }
}

extension Value {
    /// Whether a relation of care lasts at `now`.
    func isCare(at now: Instant) -> Bool {
        guard case .record(let fields) = self, case .datetime(let from)? = fields["from"],
            case .datetime(let until)? = fields["until"], case .datetime(let now) = Value(now)
        else { return false }
        return from <= now && now < until
    }
}
