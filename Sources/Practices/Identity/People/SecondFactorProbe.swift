// SPDX-License-Identifier: Apache-2.0

import Building
package import Kernel
import Store

/// Measures how many of those with a password have a second factor too.
package enum SecondFactorProbe {
    /// What is measured.
    package static let measure = Measure(
        id: "identity.second-factor", practice: .multiFactor, title: "Everyone signs in with a second factor",
        population: "people with a password", maximumAge: .hours(24), populationIsIndependent: false,
        rules: ["45 CFR 164.312(d)", "HHS CPG \"Multifactor authentication\"", "HICP 3"],
        nextStep: """
            Make a new welcome link, under People, for those without a second factor. Until there is a list of \
            staff from another source, this cannot be more than partly met.
            """)

    /// The probe, which reads `store` every five minutes.
    static func probe(_ store: Database) -> Probe {
        Probe(measure, every: .minutes(5)) {
            try await store.read { tx in
                let people = try tx.people().filter { $0.isEnabled && $0.passwordChanged != nil }
                return MeasureReading(
                    of: measure, population: Int64(people.count),
                    fulfilling: Int64(people.count { $0.factorConfirmed != nil }), effectiveAt: tx.now,
                    collectedAt: tx.now, source: "counted in the directory")
            }
        }
    }
}
