// SPDX-License-Identifier: Apache-2.0

/// When a patient comes: two to twelve visits within the last 18 months, the first of them a check-up.
enum VisitPlan {
    /// How far back the recorded visits go, in days.
    static let span = 540

    static func visits(
        patient: Patient, seed: UInt64, today: ClinicDate, book: inout AppointmentBook
    ) -> [Visit] {
        var random = SplitMix64(seed: seed, stream: .visits, index: patient.index)
        let first = today.dayNumber - span
        // Nobody comes in the last days of life, which the clinic's patients spend elsewhere.
        let end = (patient.deathDate?.dayNumber ?? today.dayNumber) - 5
        let length = end - first
        let count = min(visitCount(patient, first, &random), max(length / 40, 2))
        return (0..<count).map { position in
            let wish = first + length * position / count + random.draw(0...length * 6 / 10 / count)
            let slot = book.book(physician: patient.physician, from: wish, wish: random.draw(0...30))
            let kind = kind(position, patient, slot.day, &random)
            return Visit(day: slot.day, minute: slot.minute, duration: 10 + random.draw(0...3) * 5, kind: kind)
        }
    }

    /// The older, the more often.
    private static func visitCount(_ patient: Patient, _ day: Int, _ random: inout SplitMix64) -> Int {
        let age = patient.age(on: day)
        let usual = 2 + (age < 8 ? 2 : 0) + max(age - 30, 0) / 12
        return min(usual + random.draw(0...5), 12)
    }

    private static func kind(
        _ position: Int, _ patient: Patient, _ day: Int, _ random: inout SplitMix64
    ) -> Visit.Kind {
        let age = patient.age(on: day)
        let complaints = AcuteProblem.possible(age: age, sex: patient.sex, month: ClinicDate(dayNumber: day).month)
        let complaint = random.pick(complaints)
        let isForComplaint = random.chance(age < 40 ? 600 : 240)
        if position == 0 { return .checkUp }
        if isForComplaint { return .acute(complaint) }
        return random.chance(age < 40 ? 700 : 250) ? .checkUp : .followUp
    }
}
