// SPDX-License-Identifier: Apache-2.0

extension Chart {
    func addImmunizations(_ record: RecordContext, to writer: inout BundleWriter) {
        var random = SplitMix64(seed: ~seed, stream: .readings, index: patient.index)
        let accepts = random.chance(850)
        for dose in earlierDoses(&random) where accepts && dose.day < visits[0].day {
            addImmunization(dose.vaccine, dose.day, nil, record, to: &writer)
        }
        var lastInfluenza = 0
        for (position, visit) in visits.enumerated() {
            let month = ClinicDate(dayNumber: visit.day).month
            guard accepts, (9...12).contains(month), !visit.isAcute, visit.day - lastInfluenza > 200 else { continue }
            lastInfluenza = visit.day
            addImmunization(Chart.influenza, visit.day, position, record, to: &writer)
        }
    }

    /// Vaccinations from before the recorded visits, as the schedule for the age has them.
    private func earlierDoses(_ random: inout SplitMix64) -> [(vaccine: Coding, day: Int)] {
        let birth = patient.birthDate.dayNumber
        let age = patient.age(on: visits[0].day)
        let booster = ClinicDate.workingDay(from: visits[0].day - random.draw(300...3_000))
        func atAge(_ days: Int) -> Int { ClinicDate.workingDay(from: birth + days + random.draw(0...20)) }
        var doses: [(vaccine: Coding, day: Int)] = []
        if age < 18 {
            doses += [
                (.cvx("20", "DTaP"), atAge(65)), (.cvx("10", "IPV"), atAge(65)), (.cvx("03", "MMR"), atAge(380)),
                (.cvx("21", "varicella"), atAge(385)), (.cvx("03", "MMR"), atAge(1_600)),
            ]
        } else {
            doses.append((.cvx("115", "Tdap"), max(booster, birth + 4_300)))
        }
        if age >= 51 { doses.append((.cvx("187", "zoster recombinant"), after(2018, atAge(18_300), &random))) }
        if age >= 66 {
            let vaccine = Coding.cvx("133", "Pneumococcal conjugate PCV 13")
            doses.append((vaccine, after(2012, atAge(23_800), &random)))
        }
        return doses
    }

    /// The day itself or, for a vaccine that came only in `year`, a working day within two years of its coming.
    private func after(_ year: Int, _ day: Int, _ random: inout SplitMix64) -> Int {
        let introduction = (year - 1970) * 365 + (year - 1969) / 4
        let catchUp = introduction + random.draw(0...700)
        return day >= introduction ? day : ClinicDate.workingDay(from: catchUp)
    }

    private static let influenza = Coding.cvx("140", "Influenza, seasonal, injectable, preservative free")

    private func addImmunization(
        _ vaccine: Coding, _ day: Int, _ visit: Int?, _ record: RecordContext, to writer: inout BundleWriter
    ) {
        let when: JSON = visit.map { .text(instant(day: day, minute: visits[$0].minute + 8)) } ?? date(day)
        writer.add(
            "Immunization",
            [
                ("status", "completed"), ("vaccineCode", vaccine.concept), ("patient", record.subject),
                ("encounter", record.encounter(visit)), ("occurrenceDateTime", when),
                ("primarySource", .flag(visit != nil)),
                ("performer", visit == nil ? .absent : [["actor": record.clinic.practitioner(patient.nurse)]]),
            ])
    }
}
