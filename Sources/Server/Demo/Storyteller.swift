// SPDX-License-Identifier: Apache-2.0

import Access
import Backup
import Building
import Identity
import Kernel
import Ledger
import Store
import SyntheticClinic
import Vault

/// Tells the year of the synthetic clinic to a house, event by event, in the order of its time.
///
/// Each practice takes its own part down; what this knows is who of the clinic is who of the house. What people do many
/// times a day is collected, and written in few transactions.
struct Storyteller {
    let estate: Estate
    let clinic: SyntheticClinic
    /// What there is to tell; made once, because drawing a year takes its time.
    let year: Year
    let clock: StoryClock
    /// The midnight at which today began.
    let midnight: Instant
    let access: SyntheticAccess
    var people: [Int: Identifier<Kernel.Person>] = [:]
    var patients: [Int: KnownPatient] = [:]
    var emergencies: [Int: (id: [UInt8], person: Identifier<Kernel.Person>)] = [:]
    var drafts: [Int: Identifier<Record>] = [:]
    var backups: SyntheticBackups?
    /// Up to which day the files of each job are on the disk.
    var written: [Int: Int] = [:]
    var readings: StoryReadings
    /// Facts about work that are not written yet, and the last sign-ins among them.
    private var facts: [Fact] = []
    private var signIns: [Identifier<Kernel.Person>: Instant] = [:]

    /// A patient of the clinic as the house knows it.
    struct KnownPatient {
        let id: Identifier<Kernel.Patient>
        let subject: [UInt8]
        var protected: Set<ProtectedClass> = []
    }

    /// How many facts go into one transaction.
    private static let batch = 500

    init(_ estate: Estate, _ clinic: SyntheticClinic, _ clock: StoryClock, midnight: Instant) async throws {
        (self.estate, self.clinic, self.clock, self.midnight) = (estate, clinic, clock, midnight)
        year = clinic.year
        access = try await SyntheticAccess(estate.house)
        readings = StoryReadings(estate: estate)
    }

    var house: House { estate.house }

    /// Tells the last `days` of the year, and of what was before them only what lasts: accounts, charts, roles.
    mutating func tell(days: Int) async throws {
        let events = year.events(days: days)
        let bar = TerminalProgress("Synthetic clinic", total: Int64(events.count))
        var today = events.first?.daysAgo ?? 0
        for (number, event) in events.enumerated() {
            if event.daysAgo != today {
                try await endDay(today, days)
                today = event.daysAgo
                bar.show(Int64(number), today == 1 ? "yesterday" : "\(today) days ago")
            }
            let moment = midnight.advanced(by: .minutes(Int64(event.minute)))
            if case .work(let kind, let person, let patient) = event.kind {
                try await work(kind, person, patient, at: moment)
            } else {
                try await flush(until: moment)
                noteAllowance(event.kind, at: clock.now())
                try await flush(until: moment)
                try await tell(event.kind, daysAgo: event.daysAgo)
            }
        }
        try await endDay(today, days)
        if days > 0 { try await tellNow() }
        bar.finish()
    }

    /// The evening of a day: what the scheduled work does, and what the measures show.
    private mutating func endDay(_ daysAgo: Int, _ days: Int) async throws {
        try await flush(until: midnight.advanced(by: .minutes(1_425 - Int64(daysAgo) * 1_440)))
        guard daysAgo <= days, !year.isOutage(daysAgo) else { return }
        try await backups?.look()
        try await access.catchUp()
        try await readings.take(daysAgo: daysAgo)
    }

    /// Half an hour ago a nurse opened the chart of a patient whom somebody else treats; it is still open.
    private mutating func tellNow() async throws {
        guard let act = clinic.openEmergency, let person = people[act.person], let patient = patients[act.patient]
        else { return }
        let moment = clock.machineTime.advanced(by: .minutes(-25))
        try await flush(until: moment)
        facts.append(IdentityPractice.syntheticSignIn(of: person, at: clock.now()))
        signIns[person] = clock.now()
        try await flush(until: moment)
        _ = try await access.openEmergency(on: patient.id, for: person, reason: act.reason, words: act.words)
        try await work(.chartReadInEmergency, act.person, act.patient, at: clock.now())
        try await flush(until: clock.machineTime)
        try await backups?.look()
        try await house.ledger.settle()
    }

    /// Writes what was collected, and lets the story's time come to `moment`.
    mutating func flush(until moment: Instant) async throws {
        let (all, signIns) = (facts, signIns)
        (facts, self.signIns) = ([], [:])
        for start in stride(from: 0, to: all.count, by: Self.batch) {
            let part = all[start..<min(start + Self.batch, all.count)]
            if let last = part.last?.effective { clock.advance(to: last) }
            try await house.store.write { tx in
                for fact in part { try tx.record(fact) }
                if start == 0 { try IdentityPractice.addSynthetic(signIns: signIns, in: tx) }
            }
        }
        clock.advance(to: moment)
    }

    /// Takes down what somebody did, as one of many such things.
    private mutating func work(
        _ kind: HistoryEvent.Kind, _ person: Int, _ patient: Int?, at moment: Instant
    ) async throws {
        guard let person = people[person] else { return }
        let patient = patient.flatMap { patients[$0] }
        switch kind {
        case .signedIn:
            facts.append(IdentityPractice.syntheticSignIn(of: person, at: moment))
            signIns[person] = moment
        case .patientFound:
            allow(person, "vault.search-patients", by: "care-finds-patients", at: moment)
            facts.append(VaultPractice.syntheticSearch(by: person, at: moment))
        case .signInRefused: facts.append(IdentityPractice.syntheticRefusal(of: person, at: moment))
        case .chartRead, .chartReadInEmergency:
            guard let patient else { return }
            let isEmergency = kind == .chartReadInEmergency
            facts.append(reading(of: patient, by: person, isEmergency: isEmergency, at: moment))
        case .chartReadRefused:
            guard let patient else { return }
            facts.append(
                AccessPractice.syntheticRefusal(of: person, on: patient.id, patient.subject, at: moment))
        }
        if facts.count >= Self.batch { try await flush(until: moment) }
    }

    /// Notes that a rule let somebody do something, as the front door does before each act.
    mutating func allow(
        _ person: Identifier<Kernel.Person>, _ action: String, on resource: EntityReference? = nil, by rule: String,
        at moment: Instant
    ) {
        facts.append(AccessPractice.syntheticAllowance(person, action, on: resource, by: rule, at: moment))
    }

    /// What a chart shows of protected records, and by which rules: psychotherapy to physicians of the care team, the
    /// others to nurses too, and in an emergency all but psychotherapy.
    private func reading(
        of patient: KnownPatient, by person: Identifier<Kernel.Person>, isEmergency: Bool, at moment: Instant
    ) -> Fact {
        let isPhysician = clinic.staff.contains { $0.roles.contains(.physician) && people[$0.index] == person }
        let shown = patient.protected.filter { $0 != .psychotherapy || isPhysician && !isEmergency }.sorted()
        var rules = [isEmergency ? "emergency" : "care-team-reads-chart"]
        if !isEmergency, shown.contains(.psychotherapy) { rules.append("psychotherapy-by-care-team") }
        if !isEmergency, shown.contains(where: { $0 != .psychotherapy }) { rules.append("protected-by-care-team") }
        return VaultPractice.syntheticReading(
            by: person, on: patient.subject, rules: rules, protected: shown, at: moment)
    }
}
