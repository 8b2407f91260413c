// SPDX-License-Identifier: Apache-2.0

import Building
package import Kernel
import Ledger
import Store

/// Whether somebody else confirmed every role in time.
///
/// The population is what the evidence log tells of roles that were given and not taken away, together with what the
/// directory holds. A role that stands in the directory and not in the log was given behind the log's back: it
/// counts, and never as reviewed. One that stands in the log and not in the directory counts as not measured.
package enum GrantsReviewed {
    /// What is measured.
    package static let measure = Measure(
        id: "access.grants-reviewed", practice: .permissions, title: "Every role is reviewed by somebody else in time",
        population: "roles of people", maximumAge: .hours(24), minimumCoverage: 0.9,
        rules: [
            "45 CFR 164.308(a)(4)(ii)(C)", "45 CFR 164.308(a)(3)(ii)(B)",
            "HHS CPG: separate user and privileged accounts",
            "HICP practice 3",
        ],
        nextStep: """
            Confirm the roles that are due, and take away those that a review refused. Nobody confirms their own: \
            where one person alone may review roles, give a second one the role of security lead or privacy officer.
            """)

    static func probe(_ desk: GrantDesk) -> Probe {
        Probe(measure, every: .minutes(5)) { try await read(desk) }
    }

    private struct Key: Hashable {
        let person: Identifier<Kernel.Person>
        let role: String
    }

    static func read(_ desk: GrantDesk) async throws -> MeasureReading? {
        // What waits for its place in the log would look as if the log did not know of it.
        try? await desk.house.ledger.settle()
        guard try await desk.catchUp() else { return nil }
        let sheet = try await desk.sheet()
        let accounts = try await desk.house.store.read { tx in try tx.toldAccounts() }
        let told = Set(
            accounts.filter(\.value.isOpen).flatMap { person, account in
                account.roles.keys.map { Key(person: person, role: $0) }
            })
        let held = Dictionary(
            sheet.grants.map { (Key(person: $0.person.id, role: $0.role), $0) }, uniquingKeysWith: { first, _ in first }
        )
        let good = told.filter { held[$0]?.isInTime(at: sheet.now) ?? false }.count
        let missing = told.filter { held[$0] == nil }.count
        let population = told.union(held.keys).count
        return MeasureReading(
            of: measure, population: Int64(population), fulfilling: Int64(good), unmeasured: Int64(missing),
            effectiveAt: sheet.now, collectedAt: desk.house.clock.now(),
            source: "\(told.count) roles told by the log, \(held.count) held by the directory")
    }
}
