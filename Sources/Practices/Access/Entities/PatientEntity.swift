// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

extension PatientRelations {
    /// The entity that rules see at `now`.
    ///
    /// - Parameter people: who in this house is meant by a practitioner of the records.
    func entity(at now: Instant, people: [String: Set<Identifier<Kernel.Person>>]) -> Entity {
        let windows = careOfPeople(at: now, people: people)
        var attributes: [Text: Value] = [
            "key": .string(Text(patient.description)), "hasProtectedRecords": .bool(!protected.isEmpty),
        ]
        if let department { attributes["department"] = .entity(.department(department)) }
        return Entity(
            uid: .patient(patient), attributes: attributes,
            tags: Dictionary(
                windows.map { (Text($0.key.description), $0.value.value) }, uniquingKeysWith: { first, _ in first }))
    }
}

extension PatientRelations {
    /// Of each person who cares for the patient, the one relation that rules see.
    func careOfPeople(
        at now: Instant, people: [String: Set<Identifier<Kernel.Person>>]
    ) -> [Identifier<Kernel.Person>: CareRelation] {
        var windows: [Identifier<Kernel.Person>: CareRelation] = [:]
        for relation in care {
            for person in people[relation.practitioner] ?? [] {
                if let known = windows[person], !relation.counts(before: known, at: now) { continue }
                windows[person] = relation
            }
        }
        return windows
    }
}

extension CareRelation {
    /// The end of what has no end yet.
    private static let farAhead = Instant(microseconds: 253_370_764_800_000_000)

    /// The beginning of what has none: the year 1, because it can be written everywhere.
    private static let longAgo = Instant(microseconds: -62_135_596_800_000_000)

    fileprivate var value: Value {
        .record(["from": Value(from ?? Self.longAgo), "until": Value(until ?? Self.farAhead)])
    }

    /// Of several relations of one person to one patient, rules see the one that has begun and ends last; where none
    /// has begun yet, the one that begins first.
    fileprivate func counts(before other: CareRelation, at now: Instant) -> Bool {
        switch (hasBegun(at: now), other.hasBegun(at: now)) {
        case (true, false): true
        case (false, true): false
        case (true, true): (until ?? Self.farAhead) > (other.until ?? Self.farAhead)
        case (false, false): (from ?? Self.longAgo) < (other.from ?? Self.longAgo)
        }
    }
}
