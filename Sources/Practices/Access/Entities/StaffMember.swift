// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
package import Kernel

/// A person of the directory with what this practice keeps about them: department, shift, emergencies.
package struct StaffMember: Sendable, Hashable {
    /// What the directory says.
    package let summary: PersonSummary
    /// The department where the person works; nil for those who work everywhere or nowhere in particular.
    package var department: String?
    /// The shifts that are entered.
    package var shifts: [Shift] = []
    /// Charts that the person opened in an emergency, and until when.
    package var emergencies: [Identifier<Patient>: Instant] = [:]

    /// A time at work.
    package struct Shift: Sendable, Hashable {
        /// When it begins.
        package let from: Instant
        /// When it ends.
        package let until: Instant
    }

    /// A person about whom nothing more is kept.
    package init(_ summary: PersonSummary) {
        self.summary = summary
    }

    /// Whether the person works at `now`. Where nobody enters shifts everybody does, and so it is again when the last
    /// shift that was entered is over: a roster that is missing or ran out must not keep a nurse from a chart.
    func isOnDuty(at now: Instant) -> Bool {
        let coming = shifts.filter { now < $0.until }
        return coming.isEmpty || coming.contains { $0.from <= now }
    }

    /// The same person as if they had just opened a patient's chart in an emergency.
    func breaking(_ patient: Identifier<Patient>, at now: Instant) -> StaffMember {
        var copy = self
        copy.emergencies[patient] = now.advanced(by: .minutes(1))
        return copy
    }

    /// The same person as if they had not opened a patient's chart in an emergency.
    func withoutEmergency(on patient: Identifier<Patient>) -> StaffMember {
        var copy = self
        copy.emergencies[patient] = nil
        return copy
    }

    /// The entity that rules see at `now`.
    func entity(at now: Instant) -> Entity {
        Entity(
            uid: .person(summary.id),
            attributes: [
                "key": .string(Text(summary.id.description)), "isActive": .bool(summary.isEnabled),
                "isOnDuty": .bool(isOnDuty(at: now)),
            ],
            tags: Dictionary(
                emergencies.map { (Text($0.key.description), Value($0.value)) }, uniquingKeysWith: { first, _ in first }
            ),
            parents: Set(summary.roles.map(EntityUID.role) + (department.map { [.department($0)] } ?? [])))
    }
}
