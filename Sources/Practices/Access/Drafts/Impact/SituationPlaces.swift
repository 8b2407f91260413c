// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// Where people and patients can be, and what else of them rules look at.
struct SituationPlaces: Sendable {
    /// Where somebody works; nil for nowhere in particular.
    let departments: [Text?]
    /// Whether they are on duty.
    let duties: [Bool]
    /// Whether care teams decide.
    let careTeams: [Bool]
    /// Whether a chart holds protected records.
    let protected: [Bool]
    /// Whose charts.
    let patients: [EntityUID]
    private let ofPatients: [Text?]

    /// A department that no rule names, and another one.
    private static let (here, elsewhere): (Text, Text) = ("", "elsewhere")

    init(_ mentions: Mentions) {
        let named = mentions.entities(of: CedarType.department).map(\.id)
        let looksAtPlaces = !named.isEmpty || mentions.attributes.contains("department")
        departments = looksAtPlaces ? [nil, Self.here] + named : [nil]
        ofPatients = looksAtPlaces ? [nil, Self.elsewhere] + named : [nil]
        duties = mentions.attributes.contains("isOnDuty") ? [true, false] : [true]
        careTeams = mentions.attributes.contains("careTeams") ? [true, false] : [true]
        protected = mentions.attributes.contains("hasProtectedRecords") ? [true, false] : [false]
        patients = [EntityUID(type: CedarType.patient, id: "somebody else")] + mentions.patients
    }

    /// Where a patient can be: nowhere that is known, elsewhere, in a department that is named, or with whoever asks.
    func ofPatients(seenFrom department: Text?) -> [Text?] {
        department == Self.here ? ofPatients + [department] : ofPatients
    }

    /// How many charts somebody meets, over all departments in which they can work.
    var charts: Int {
        departments.reduce(0) { $0 + ofPatients(seenFrom: $1).count } * patients.count * protected.count
    }

    /// A patient as rules see them.
    static func patient(
        _ uid: EntityUID, _ tags: [Text: Value], _ department: Text?, _ isProtected: Bool
    ) -> Entity {
        var attributes: [Text: Value] = ["key": .string(uid.id), "hasProtectedRecords": .bool(isProtected)]
        if let department {
            attributes["department"] = .entity(EntityUID(type: CedarType.department, id: department))
        }
        return Entity(uid: uid, attributes: attributes, tags: tags)
    }
}

/// What somebody can have to do with a patient.
struct SituationTie: Sendable {
    let care: Value?
    let emergency: Instant?
    /// Whether the care is that of others whom rules name.
    var isOfOthers = false

    /// Whether care or an emergency lasts.
    func isTied(at now: Instant) -> Bool {
        (!isOfOthers && (care?.isCare(at: now) ?? false)) || emergency.map { now < $0 } ?? false
    }

    /// Nothing; care that lasts, that ended an hour, four days or a year ago, that will begin; an emergency that
    /// lasts, and one that is over; both at once; and care by somebody else.
    static func all(at now: Instant, named: Bool) -> [SituationTie] {
        func care(_ from: Int64, _ until: Int64) -> Value { Self.care(from, until, now) }
        let (open, over) = (now.advanced(by: .hours(1)), now.advanced(by: .hours(-1)))
        let ties: [(Value?, Instant?)] = [
            (nil, nil), (lasting(at: now), nil), (care(-9_000, -1), nil), (care(-9_000, -96), nil),
            (care(-9_000, -8_760), nil), (care(1, 9_000), nil), (nil, open), (nil, over),
            (lasting(at: now), open), (care(-9_000, -1), open),
        ]
        let others = named ? [SituationTie(care: lasting(at: now), emergency: nil, isOfOthers: true)] : []
        return ties.map { SituationTie(care: $0, emergency: $1) } + others
    }

    /// Care that lasts.
    static func lasting(at now: Instant) -> Value { care(-9_000, 9_000, now) }

    /// Care between two times, in hours from now.
    private static func care(_ from: Int64, _ until: Int64, _ now: Instant) -> Value {
        .record(["from": Value(now.advanced(by: .hours(from))), "until": Value(now.advanced(by: .hours(until)))])
    }
}
