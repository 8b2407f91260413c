// SPDX-License-Identifier: Apache-2.0

import Building
import CedarPolicy
import Codecs
package import Kernel
import Ledger
import Store

/// Whether people who left can still do anything.
///
/// What is counted are all accounts that the log tells of, not only those that were closed: a clinic that nobody has
/// left yet has no leaver to count, and "not measured" for ever would be wrong, because its accounts can be held
/// against the log all the same. An open account is good when the directory agrees that it is open. A closed one is
/// good when the directory agrees, the rules refuse every act of the house to it even with a second factor, and
/// nothing is kept that would open a chart. An account that stands in the directory and not in the log counts, and
/// never as good. The log gives the accounts; the directory and the rules say how each one stands.
package enum Leavers {
    /// What is measured.
    package static let measure = Measure(
        id: "access.leavers", practice: .permissions, title: "Whoever leaves loses access at once",
        population: "accounts, open and closed", maximumAge: .hours(24),
        rules: ["45 CFR 164.308(a)(3)(ii)(C)", "HHS CPG: revoke credentials", "HICP practice 3"],
        nextStep: """
            Disable the accounts of people who left, under People. Access reviews, People who left, names each account \
            that is not as the log says, and what to do about it.
            """)

    /// For how long every act is asked about for each account that was closed; after that only that it stays closed.
    /// A year and a month, so that a yearly audit finds every leaver of its year.
    static let window = Duration.days(400)

    static func probe(_ house: House, _ rules: RuleAuthorizer) -> Probe {
        Probe(measure, every: .minutes(5)) { try await read(house, rules) }
    }

    static func read(_ house: House, _ rules: RuleAuthorizer) async throws -> MeasureReading? {
        guard let findings = try await findings(house, rules) else { return nil }
        let (now, closed) = (house.clock.now(), findings.count { !$0.isOpen })
        return MeasureReading(
            of: measure, population: Int64(findings.count), fulfilling: Int64(findings.count { $0.wrong == nil }),
            effectiveAt: now, collectedAt: now,
            source: "\(closed) closed, all \(try acts().count) acts tried for each of the last 400 days")
    }

    /// An account, and what is wrong with it.
    struct Finding: Sendable, Hashable {
        /// Whose.
        let person: Identifier<Kernel.Person>
        /// The name, where the directory knows the account.
        let summary: PersonSummary?
        /// Whether the log says that it is open.
        let isOpen: Bool
        /// When it was opened or closed.
        let changed: Instant?
        /// Whether every act was asked about: for accounts that were closed within the window.
        let isTried: Bool
        /// What is wrong; nil for nothing.
        let wrong: Wrong?
    }

    /// What can be wrong with an account.
    enum Wrong: Sendable, Hashable {
        /// The directory has it, and the log does not know who opened it.
        case untold
        /// The log knows of it, and it is not in the directory.
        case missing
        /// The log says that it was closed, and it is open.
        case stillOpen
        /// The log says that it is open, and it was closed without a trace.
        case closedUntold
        /// The rules still allow something.
        case allowed(action: String)
        /// Departments, shifts, practitioner numbers or emergencies are kept.
        case kept
    }

    /// All accounts; nil while the log is not read to its end.
    static func findings(_ house: House, _ rules: RuleAuthorizer) async throws -> [Finding]? {
        try await clear(house)
        var findings: [Finding] = []
        // Log and directory are read one after the other: an account that changes in between is read again.
        for _ in 0..<3 {
            try? await house.ledger.settle()
            guard try await AccountsTold.catchUp(house) else { return nil }
            let census = try await rules.census()
            let (told, kept) = try await house.store.read { tx in (try tx.toldAccounts(), try tx.kept()) }
            findings = try Self.findings(census, told, kept)
            if findings.allSatisfy({ $0.wrong == nil }) { break }
        }
        return findings
    }

    private static func findings(
        _ census: Census, _ told: [Identifier<Kernel.Person>: ToldAccount], _ kept: Set<Identifier<Kernel.Person>>
    ) throws -> [Finding] {
        let members = Dictionary(census.staff.map { ($0.summary.id, $0) }, uniquingKeysWith: { first, _ in first })
        return try Set(told.keys).union(members.keys).sorted().map { person in
            let (account, member) = (told[person], members[person])
            return Finding(
                person: person, summary: member?.summary, isOpen: account?.isOpen ?? member?.summary.isEnabled ?? false,
                changed: account?.changed, isTried: account.map { isTried($0, census) } ?? false,
                wrong: try wrong(account, member, kept.contains(person), census))
        }
    }

    private static func wrong(
        _ account: ToldAccount?, _ member: StaffMember?, _ isKept: Bool, _ census: Census
    ) throws -> Wrong? {
        guard let account else { return .untold }
        guard let member else { return .missing }
        if account.isOpen { return member.summary.isEnabled ? nil : .closedUntold }
        if member.summary.isEnabled { return .stillOpen }
        if isKept { return .kept }
        return isTried(account, census) ? try firstAllowed(member, census).map(Wrong.allowed) : nil
    }

    private static func isTried(_ account: ToldAccount, _ census: Census) -> Bool {
        !account.isOpen && census.now.advanced(by: .zero - window) < account.changed
    }

    /// The first act of the house that the rules allow to somebody, on the clinic or on a patient.
    static func firstAllowed(_ member: StaffMember, _ census: Census) throws -> String? {
        let patient = PatientRelations(patient: Identifier(at: census.now))
        for act in try acts() {
            let isAllowed =
                try census.decide(act, member).isAllowed || census.decide(act, member, on: patient).isAllowed
            if isAllowed { return act.id }
        }
        return nil
    }

    /// Every act of the house.
    static func acts() throws -> [Action] {
        try HouseSchema.schema().actions.keys.map(\.id.string).sorted().map { Action($0, $0) }
    }
}

extension Leavers {
    /// The scheduled work: what is kept for a closed account goes.
    static func job(_ house: House) -> Job {
        Job("access/leavers", every: .minutes(1)) { try await clear(house) }
    }

    /// Deletes the departments, shifts and practitioner numbers of closed accounts, and ends their emergencies. The
    /// rules refuse them everything already; this is so that nothing is there should an account be opened again.
    static func clear(_ house: House) async throws {
        let kept = try await house.store.read { tx in try tx.kept() }
        guard !kept.isEmpty else { return }
        let closed = Set(try await house.directory.everyone().filter { !$0.isEnabled }.map(\.id))
        for person in kept.intersection(closed).sorted() {
            try await house.store.write { tx in try clear(person, tx) }
        }
    }

    private static func clear(_ person: Identifier<Kernel.Person>, _ tx: any Transaction) throws {
        let key = StoreValue.bytes(person.bytes)
        let departments = try tx.execute("DELETE FROM access_staff WHERE person = ?", [key])
        let practitioners = try tx.execute("DELETE FROM access_practitioners WHERE person = ?", [key])
        let shifts = try tx.execute("DELETE FROM access_shifts WHERE person = ?", [key])
        let emergencies = try tx.openEmergencies(of: person)
        for emergency in emergencies { try tx.end(emergency, by: .closedAccount, actor: .system) }
        guard departments + practitioners + shifts + emergencies.count > 0 else { return }
        try tx.record(
            Fact(
                GrantFacts.leaverCleared, by: .system,
                [
                    .init("departments", .integer(Int64(departments))),
                    .init("emergencies", .integer(Int64(emergencies.count))),
                    .init("person", .string(person.description)),
                    .init("practitioners", .integer(Int64(practitioners))), .init("shifts", .integer(Int64(shifts))),
                ]))
    }
}

extension ReadTransaction {
    /// Everybody for whom something is kept that rules look at.
    fileprivate func kept() throws -> Set<Identifier<Kernel.Person>> {
        let queries: [(String, [StoreValue])] = [
            ("SELECT person FROM access_staff ORDER BY person", []),
            ("SELECT DISTINCT person FROM access_practitioners ORDER BY person", []),
            ("SELECT DISTINCT person FROM access_shifts ORDER BY person", []),
            (
                "SELECT person FROM access_emergencies WHERE ended IS NULL AND until > ? ORDER BY person",
                [.integer(now.microseconds)]
            ),
        ]
        return Set(try queries.flatMap { sql, values in try rows(sql, values).map { try $0.person(0) } })
    }
}
