// SPDX-License-Identifier: Apache-2.0

/// One day of the clinic: who comes in, whose charts are opened, what is refused.
struct Workday {
    /// The day's events in the order of their time.
    private(set) var events: [HistoryEvent] = []

    private let daysAgo: Int
    private let day: Int
    private let clinic: SyntheticClinic
    private var random: SplitMix64
    /// The minute of each person's first sign-in; nil for those who are away.
    private var arrivals: [Int?] = []

    init(history: History, daysAgo: Int) {
        (clinic, self.daysAgo) = (history.clinic, daysAgo)
        day = clinic.today.dayNumber - daysAgo
        random = SplitMix64(seed: clinic.seed, stream: .workday, index: day)
        let appointments = history.appointments(on: day)
        if ClinicDate.isWorkingDay(day) {
            let expected = appointments.map { clinic.patients[$0.patient] }
            signIn(busy: Set(expected.flatMap { [$0.physician, $0.nurse] }))
            for appointment in appointments { readCharts(for: appointment) }
            readBetweenVisits()
            lookPatientsUp()
            refuseNowAndThen()
        }
        addIncidents()
        sort()
    }

    /// The order of equal minutes is that of writing, so that a sign-in stays before what it allows.
    private mutating func sort() {
        let ordered = events.enumerated().sorted { earlier, later in
            (earlier.element.minuteOfDay, earlier.offset) < (later.element.minuteOfDay, later.offset)
        }
        events = ordered.map(\.element)
    }

    private mutating func add(_ kind: HistoryEvent.Kind, _ person: Int, _ minute: Int, patient: Int? = nil) {
        // No chart is read before it was taken in.
        if let patient, clinic.registered(patient) <= daysAgo { return }
        events.append(
            HistoryEvent(daysAgo: daysAgo, minuteOfDay: minute, kind: kind, person: person, patient: patient))
    }
}

extension Workday {
    private mutating func signIn(busy: Set<Int>) {
        for person in clinic.staff {
            let minute = random.draw(435...474)
            let (mistypes, returns) = (random.chance(18), random.draw(780...805))
            let comesBack = random.chance(150)
            let canSignIn = clinic.memberships[person.index].isSetUp(daysAgo)
            guard canSignIn, busy.contains(person.index) || isPresent(person) else {
                arrivals.append(nil)
                continue
            }
            arrivals.append(minute)
            if mistypes { add(.signInRefused, person.index, minute - 1) }
            add(.signedIn, person.index, minute)
            if comesBack { add(.signedIn, person.index, returns) }
        }
    }

    /// Not on one of four weeks of leave in the year, and not ill or elsewhere.
    private func isPresent(_ person: Person) -> Bool {
        let week = (day + 3) / 7
        let leave = (week + person.index * 5) % 13 == 0
        var absence = SplitMix64(seed: clinic.seed, stream: .absence, index: day &* 64 + person.index)
        return !leave && !absence.chance(70)
    }

    /// The nurse looks before the visit, the physician at its beginning and sometimes again for the results.
    private mutating func readCharts(for appointment: History.Appointment) {
        let patient = clinic.patients[appointment.patient]
        let (before, after) = (random.draw(2...9), random.draw(45...70))
        let looksAgain = random.chance(350)
        if let arrival = arrivals[patient.nurse] {
            add(.chartRead, patient.nurse, max(appointment.minute - before, arrival), patient: patient.index)
        }
        guard arrivals[patient.physician] != nil else { return }
        add(.chartRead, patient.physician, appointment.minute, patient: patient.index)
        if looksAgain { add(.chartRead, patient.physician, appointment.minute + after, patient: patient.index) }
    }

    /// Telephone calls, letters, results: charts of the person's own patients.
    private mutating func readBetweenVisits() {
        for person in clinic.people where person.treatsPatients {
            let count = random.draw(0...2)
            let wishes = (0..<count).map { _ in (random.draw(480...1_010), random.draw(0...999)) }
            guard arrivals[person.index] != nil else { continue }
            let own = clinic.patients.filter { isInCare($0, of: person.index) }
            for (minute, wish) in wishes where !own.isEmpty {
                add(.chartRead, person.index, minute, patient: own[wish % own.count].index)
            }
        }
    }

    /// The front desk makes appointments; only that it looked is told, and not for whom.
    private mutating func lookPatientsUp() {
        for person in clinic.staff where person.roles.contains(.frontDesk) {
            let minutes = [random.draw(490...700), random.draw(790...1_000)]
            guard arrivals[person.index] != nil else { continue }
            for minute in minutes { add(.patientFound, person.index, minute) }
        }
    }

    private func isInCare(_ patient: Patient, of person: Int) -> Bool {
        guard patient.physician == person || patient.nurse == person else { return false }
        return patient.deathDate.map { day <= $0.dayNumber } ?? true
    }

    /// Somebody at the front desk, or from administration, opens what is not theirs to open: mostly by mistake.
    private mutating func refuseNowAndThen() {
        let happens = random.chance(260)
        let others = clinic.staff.filter { !$0.treatsPatients && arrivals[$0.index] != nil }
        let (minute, patient) = (random.draw(490...1_000), random.draw(0...Patient.count - 1))
        guard happens, !others.isEmpty else { return }
        add(.chartReadRefused, random.pick(others).index, minute, patient: patient)
    }
}

extension Workday {
    /// Two things that somebody who looks through the log should find.
    private mutating func addIncidents() {
        let curious = clinic.today.dayNumber - 41
        if day == ClinicDate.workingDay(from: curious) { addCuriousClerk() }
        if [17, 133, 250].contains(daysAgo) { addNightlyGuessing() }
    }

    /// A clerk tries seven charts within a quarter of an hour.
    private mutating func addCuriousClerk() {
        guard let clerk = clinic.people.last(where: { $0.roles.contains(.frontDesk) }), !arrivals.isEmpty else {
            return
        }
        add(.signedIn, clerk.index, 1_021)
        for attempt in 0..<7 {
            add(.chartReadRefused, clerk.index, 1_022 + attempt * 2, patient: random.draw(0...Patient.count - 1))
        }
    }

    /// Somebody guesses at the administrator's sign-in in the small hours, without success.
    private mutating func addNightlyGuessing() {
        guard let administrator = clinic.people.first(where: { $0.roles.contains(.administrator) }) else { return }
        for attempt in 0..<9 {
            add(.signInRefused, administrator.index, 187 + attempt)
        }
    }
}
