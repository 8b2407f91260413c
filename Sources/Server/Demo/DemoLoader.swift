// SPDX-License-Identifier: Apache-2.0

import Access
import Building
import Codecs
import Identity
import Kernel
import Ledger
import Logging
import Store
import SyntheticClinic
import Vault

/// Fills a new store with the synthetic clinic: people, a hundred patients, and half a year of history.
///
/// The history's leaves carry when things are said to have happened (`effective`) and when they were really
/// recorded (`at`): even an invented past is not dated back.
struct DemoLoader: Sendable {
    let estate: Estate
    let logger: Logger

    /// The same clinic at each start, apart from today's date.
    private static let seed: UInt64 = 20_261_123
    /// How many facts go into one transaction.
    private static let batch = 500

    /// Loads the clinic where it is not there yet.
    ///
    /// - Throws: `Fault.refused` when the store was not made for a synthetic clinic.
    func loadIfNew() async throws {
        guard estate.register.isSynthetic else {
            throw Fault(
                .refused,
                "This store was made for real patients; the synthetic clinic needs a data folder of its own.")
        }
        guard try await estate.house.directory.everyone().isEmpty else { return }
        let now = estate.house.clock.now()
        guard let today = Self.date(now) else { return }
        let clinic = SyntheticClinic(seed: Self.seed, today: today)
        let bundles = [clinic.organizationBundle()] + clinic.patients.map { clinic.bundle(for: $0) }
        let bar = TerminalProgress("Synthetic clinic", total: Int64(bundles.count))
        try await VaultPractice.importSynthetic(bundles: bundles, into: estate.house) { done in
            bar.show(Int64(done), "\(done) of \(bundles.count) files")
        }
        bar.finish()
        let people = try await addPeople(clinic)
        try await addStaff(clinic, people)
        try await addHistory(clinic, people: people, now: now)
        logger.info("The synthetic clinic is ready", metadata: ["patients": "\(clinic.patients.count)"])
    }

    private func addPeople(_ clinic: SyntheticClinic) async throws -> [Identifier<Kernel.Person>] {
        let people = clinic.people.map { person in
            NewPerson(
                login: String(person.email.prefix { $0 != "@" }), name: "\(person.givenName) \(person.familyName)",
                roles: person.roles.map(\.rawValue))
        }
        return try await estate.house.store.write { tx in
            try IdentityPractice.addSynthetic(people: people, in: tx)
        }
    }

    /// Where they work and by which numbers the records name them, so that the demonstration has care teams.
    private func addStaff(_ clinic: SyntheticClinic, _ people: [Identifier<Kernel.Person>]) async throws {
        let staff = zip(clinic.people, people).map { person, id in
            AccessPractice.SyntheticStaff(
                person: id, department: person.department,
                practitioner: person.npi.map { "http://hl7.org/fhir/sid/us-npi|\($0)" })
        }
        try await AccessPractice.addSynthetic(staff: staff, into: estate.house)
    }

    private func addHistory(
        _ clinic: SyntheticClinic, people: [Identifier<Kernel.Person>], now: Instant
    ) async throws {
        let subjects = try await VaultPractice.subjects(in: estate.house)
        let midnight = now.microseconds - now.microseconds % 86_400_000_000
        var facts: [Fact] = []
        for event in clinic.history {
            guard people.indices.contains(event.person) else { continue }
            let offset = Int64(event.minuteOfDay) * 60_000_000 - Int64(event.daysAgo) * 86_400_000_000
            let subject = event.patient.flatMap { subjects.indices.contains($0) ? subjects[$0] : nil }
            facts.append(
                Self.fact(
                    event.kind, by: .person(people[event.person]), on: subject,
                    at: Instant(microseconds: midnight + offset)))
        }
        for start in stride(from: 0, to: facts.count, by: Self.batch) {
            let part = Array(facts[start..<min(start + Self.batch, facts.count)])
            try await estate.house.store.write { tx in
                for fact in part { try tx.record(fact) }
            }
        }
    }

    private static func fact(
        _ kind: HistoryEvent.Kind, by actor: EntityReference, on subject: [UInt8]?, at effective: Instant
    ) -> Fact {
        let synthetic = CanonicalMember("synthetic", true)
        switch kind {
        case .signedIn:
            return Fact(
                IdentityFacts.signedIn, by: actor, effective: effective, [.init("factor", "totp"), synthetic])
        case .signInRefused:
            return Fact(
                IdentityFacts.signInRefused, by: actor, effective: effective,
                [.init("reason", "credentials"), synthetic])
        case .chartRead:
            return Fact(
                VaultFacts.chartRead, by: actor, on: subject, effective: effective,
                [
                    .init("protected", []), .init("rules", ["care-team-reads-chart"]), .init("section", "summary"),
                    synthetic,
                ])
        case .chartReadRefused:
            return Fact(
                AccessFacts.refused, by: actor, on: subject, effective: effective,
                [.init("action", "vault.read-chart"), synthetic])
        }
    }

    private static func date(_ now: Instant) -> ClinicDate? {
        let parts = now.day.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return nil }
        return ClinicDate(year: parts[0], month: parts[1], day: parts[2])
    }
}
