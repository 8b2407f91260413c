// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
package import Kernel
import Ledger
import Store

/// Measures whether the rules by which Salus decides are those that were put in force.
package enum RulesProbe {
    /// What is measured.
    package static let measure = Measure(
        id: "access.rules", practice: .permissions, title: "The rules in force are those that were approved",
        population: "book of rules", maximumAge: .hours(1), rules: ["45 CFR 164.312(a)(1)", "45 CFR 164.308(a)(4)"],
        nextStep: """
            Open Changes to rules and go back to the last version that can be read, or run salus access rules put. Until \
            then the rules that are part of the program hold.
            """)

    /// The probe: the stored rules can be read, and the log says that exactly they came into force.
    static func probe(_ house: House) -> Probe {
        Probe(measure, every: .minutes(5)) {
            let stored = try await house.store.read { tx in
                let version = try tx.versionInForce()
                return version == 0 ? nil : try tx.rules(ofVersion: version)
            }
            var holds = true
            if let stored { holds = try await isApproved(stored, house.ledger) }
            let now = house.clock.now()
            return MeasureReading(
                of: measure, population: 1, fulfilling: holds ? 1 : 0, effectiveAt: now, collectedAt: now,
                source: stored == nil
                    ? "the rules that are part of the program" : "read the rules and compared them with the log")
        }
    }

    private static func isApproved(_ stored: RuleDraft, _ ledger: EvidenceLog) async throws -> Bool {
        guard (try? RuleBook(parsing: stored.policies)) != nil else { return false }
        // What came into force a moment ago has no place in the log yet. Places are not those of the versions where
        // clocks of several processes differ, so the version is looked for and not the newest entry.
        try await ledger.settle()
        var query = LeafQuery(limit: 100)
        query.kind = DraftFacts.inForce.id
        let digest = CanonicalValue.string(Hex.encode(RuleText.digest(stored.policies)))
        return try await ledger.leaves(query).contains { placed in
            let members = placed.leaf.data.objectValue ?? []
            return members.contains(.init("version", .integer(stored.version ?? 0)))
                && members.contains(.init("digest", digest))
        }
    }
}
