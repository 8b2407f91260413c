// SPDX-License-Identifier: Apache-2.0

extension Story {
    /// About one emergency a week, each judged by somebody else; some of them late.
    mutating func tellEmergencies() {
        var number = 0
        for week in 0..<51 {
            var random = self.random(.emergencies, week)
            let day = 358 - week * 7 + random.draw(-2...2)
            guard !(Self.outage(clinic).lowerBound...Self.outage(clinic).upperBound + 1).contains(day) else { continue }
            let minute = random.chance(600) ? random.draw(485...1_005) : random.draw(0...1_439)
            guard let person = whoTreats(on: day, &random), let patient = stranger(to: person, on: day, &random)
            else { continue }
            tellEmergency(number, person, patient, at: minute - day * 1_440, &random)
            number += 1
        }
        // The last one waits for its review.
        var random = self.random(.emergencies, 51)
        let day = workingDay(1)
        if let person = whoTreats(on: day, &random), let patient = stranger(to: person, on: day, &random) {
            open(number, person, patient, at: 1_012 - day * 1_440, EmergencyWords.openings[2])
            tell(.emergency(number, .ended), at: 1_037 - day * 1_440)
        }
    }

    private mutating func tellEmergency(
        _ number: Int, _ person: Int, _ patient: Int, at minute: Int, _ random: inout SplitMix64
    ) {
        open(number, person, patient, at: minute, random.pick(EmergencyWords.openings))
        if random.chance(550) {
            tell(.emergency(number, .ended), at: minute + random.draw(9...41))
        } else {
            tell(.emergency(number, .timeIsOver), at: minute + 61)
        }
        tellReview(number, of: person, openedAt: minute, &random)
    }

    private mutating func open(
        _ number: Int, _ person: Int, _ patient: Int, at minute: Int, _ words: (reason: String, words: String)
    ) {
        tell(.work(.signedIn, person: person, patient: nil), at: minute - 3)
        tell(
            .emergency(
                number, .opened(person: person, patient: patient, reason: words.reason, words: words.words)), at: minute
        )
        tell(.work(.chartReadInEmergency, person: person, patient: patient), at: minute + 1)
        tell(.work(.chartReadInEmergency, person: person, patient: patient), at: minute + 6)
    }

    /// In time but for three, of which two fell into a holiday of the privacy officer.
    private mutating func tellReview(
        _ number: Int, of person: Int, openedAt minute: Int, _ random: inout SplitMix64
    ) {
        let days = [9, 23, 24].contains(number) ? random.draw(5...7) : random.draw(0...1)
        var day = -Self.days(minute) - days
        if days > 1 || !ClinicDate.isWorkingDay(clinic.today.dayNumber - day) { day = workingDay(day) }
        var time = random.draw(1_020...1_065) - day * 1_440
        if time < minute + 62 { time = random.draw(520...600) - workingDay(day - 1) * 1_440 }
        let by = number % 5 == 4 ? Self.administrator : Self.privacyOfficer
        switch number {
        case 30: tell(review(number, by, "not-justified", EmergencyWords.improper), at: time)
        case 15, 41, 50:
            tell(review(number, by, "needs-follow-up", EmergencyWords.asksBack), at: time)
            // The last one is still open.
            guard number != 50 else { return }
            let closed = workingDay(-Self.days(time) - 6)
            let (finding, words) = number == 15 ? EmergencyWords.explained : EmergencyWords.unexplained
            tell(.emergency(number, .followUpClosed(by: by, finding: finding, words: words)), closed, 655)
        default: tell(review(number, by, "justified", random.pick(EmergencyWords.justified)), at: time)
        }
    }

    private func review(_ number: Int, _ by: Int, _ finding: String, _ words: String) -> YearEvent.Kind {
        .emergency(number, .reviewed(by: by, finding: finding, words: words))
    }

    /// Whole days of a moment, counted from today, rounded towards the past.
    private static func days(_ minute: Int) -> Int {
        minute >= 0 ? minute / 1_440 : (minute - 1_439) / 1_440
    }

    func whoTreats(on day: Int, _ random: inout SplitMix64) -> Int? {
        let there = clinic.staff.filter { $0.treatsPatients && clinic.memberships[$0.index].isSetUp(day) }
        return there.isEmpty ? nil : random.pick(there).index
    }

    /// A patient whom the person does not treat, who is alive and whose chart is there.
    func stranger(to person: Int, on day: Int, _ random: inout SplitMix64) -> Int? {
        let date = clinic.today.dayNumber - day
        let others = clinic.patients.filter { patient in
            patient.physician != person && patient.nurse != person && clinic.registered(patient.index) > day
                && patient.deathDate.map { date < $0.dayNumber } ?? true
        }
        return others.isEmpty ? nil : random.pick(others).index
    }
}

extension SyntheticClinic {
    /// The emergency that is open while somebody looks at the clinic.
    public var openEmergency: (person: Int, patient: Int, reason: String, words: String)? {
        var random = SplitMix64(seed: seed, stream: .emergencies, index: 52)
        let story = Story(self)
        guard let person = story.whoTreats(on: 1, &random), let patient = story.stranger(to: person, on: 1, &random)
        else { return nil }
        return (person, patient, EmergencyWords.openings[5].reason, EmergencyWords.openings[5].words)
    }
}

/// What people write about emergencies.
enum EmergencyWords {
    static let openings: [(reason: String, words: String)] = [
        ("life-threatening", "Brought in unconscious, relatives do not know what she takes."),
        ("life-threatening", "Severe allergic reaction in the waiting room, need the list of allergies."),
        ("patient-cannot-wait", "Chest pain at the front desk, the physician in charge is on a house call."),
        ("patient-cannot-wait", "Child with high fever and a rash, parents ask about earlier antibiotics."),
        ("colleague-unreachable", "Pharmacy asks about the dose of warfarin, the colleague does not answer."),
        ("colleague-unreachable", "Laboratory calls with a potassium of 6.4, nobody of the care team is here."),
        ("cover", "I cover for a colleague who fell ill this morning and see his patients."),
        ("cover", "Night duty for the ward, patient asks for something against pain."),
        ("other", "Police brought him home confused, I have to know about diabetes and medicines."),
    ]
    static let justified = [
        "Agrees with the duty roster and the note in the chart.", "Spoke with the physician on duty: as described.",
        "Checked against the visit of that day.", "The allergy was looked up and documented at once.",
    ]
    static let improper = "The patient is a neighbour and was not in the house that day. Spoke with the person and HR."
    static let asksBack = "No visit that day and nothing in the note. I have asked the person to come and explain."
    static let explained = ("justified", "Telephone call from the ambulance, confirmed by its record of the call.")
    static let unexplained = ("not-justified", "No explanation but curiosity. Reported, and the training repeated.")
}
