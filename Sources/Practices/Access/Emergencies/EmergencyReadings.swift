// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Ledger

/// What somebody did about a patient while the chart was open to them in an emergency, as the log has it.
struct EmergencyReadings: Sendable {
    /// What happened, in words.
    let title: String
    /// When.
    let at: Instant
    /// Its place in the log.
    let position: Int64

    /// The entries of the person about the patient between opening and end, oldest first, all of them however many came
    /// after; nil when nobody knows under which name the log speaks of the patient.
    static func read(_ emergency: Emergency, _ house: House, _ patients: PatientSource) async throws -> [Self]? {
        guard let subject = try await patients.current?.subject(of: emergency.patient) else { return nil }
        try? await house.ledger.settle()
        var query = LeafQuery(limit: 256)
        query.actor = .person(emergency.person)
        query.subject = subject
        var found: [Self] = []
        while true {
            let leaves = try await house.ledger.leaves(query)
            // That the form showed a name is no reading, and whoever reloads it must not bury those.
            for placed in leaves
            where placed.leaf.happened >= emergency.opened && placed.leaf.happened <= emergency.closes
                && !placed.leaf.kind.utf8.elementsEqual(EmergencyFacts.shown.id.utf8)
            {
                found.append(Self(title: words(placed.leaf.kind), at: placed.leaf.happened, position: placed.position))
            }
            guard leaves.count == 256, let last = leaves.last, last.leaf.happened >= emergency.opened else { break }
            query.before = last.position
        }
        return found.reversed()
    }

    /// `vault.chart-read.v1` as "Chart read": other practices' facts are known here by their names only.
    static func words(_ kind: String) -> String {
        let parts = kind.split(separator: ".")
        guard parts.count == 3 else { return kind }
        let words = parts[1].split(separator: "-").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
