// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SyntheticClinic

/// What a physician would notice. Several seeds, because a rule must hold for every clinic.
@Suite struct CoherenceTests {
    static let seeds: [UInt64] = [20_260_307, 1, 42, 0xFFFF_FFFF_FFFF_FFFF]

    private func charts(_ seed: UInt64) -> [Chart] {
        let clinic = SyntheticClinic(seed: seed, today: Samples.today)
        return clinic.patients.map {
            Chart(patient: $0, visits: clinic.visits[$0.index], seed: seed, today: Samples.today)
        }
    }

    @Test(arguments: seeds)
    func visitsAreOrderedOnWorkingDaysAndBeforeDeath(seed: UInt64) {
        for chart in charts(seed) {
            let days = chart.visits.map(\.day)
            #expect(days == days.sorted())
            #expect(Set(days).count == days.count)
            #expect(days.allSatisfy { ClinicDate.isWorkingDay($0) && $0 < chart.lastDay })
            #expect(days.allSatisfy { $0 >= Samples.today.dayNumber - VisitPlan.span })
            #expect(chart.visits.first?.isAcute == false)
        }
    }

    @Test(arguments: seeds)
    func noPhysicianSeesTwoAtOnce(seed: UInt64) {
        let visits = charts(seed).flatMap { chart in
            chart.visits.map { [chart.patient.physician, $0.day, $0.minute, $0.duration] }
        }
        for (index, one) in visits.enumerated() {
            for other in visits[..<index] where one[0] == other[0] && one[1] == other[1] {
                #expect(one[2] >= other[2] + other[3] || other[2] >= one[2] + one[3])
            }
        }
    }

    @Test(arguments: seeds)
    func problemsFitAgeAndSex(seed: UInt64) {
        for chart in charts(seed) {
            for diagnosis in chart.health.diagnoses {
                let profile = diagnosis.problem.profile
                #expect(profile.sex == nil || profile.sex == chart.patient.sex)
                #expect(diagnosis.onset > chart.patient.birthDate.dayNumber)
                #expect(diagnosis.onset <= chart.visits[0].day)
            }
            #expect(!(chart.health.has(.type2Diabetes) && chart.health.has(.prediabetes)))
        }
    }

    @Test(arguments: seeds)
    func medicinesFitThePatient(seed: UInt64) {
        for chart in charts(seed) {
            let families = chart.prescriptions.map(\.medicine.family)
            if chart.health.allergy?.coding == Allergy.penicillin.coding { #expect(!families.contains(.penicillin)) }
            if chart.health.has(.kidneyDisease) || chart.health.has(.atrialFibrillation) {
                #expect(!families.contains(.antiInflammatory))
            }
            if chart.health.has(.asthma) { #expect(!families.contains(.betaBlocker)) }
            let lasting = chart.prescriptions.filter { $0.end == nil }.map(\.medicine.coding.code)
            #expect(Set(lasting).count == lasting.count)
            let reasons = Set(chart.health.diagnoses.map(\.problem.profile.coding.code))
            #expect(chart.prescriptions.filter { $0.end == nil }.allSatisfy { reasons.contains($0.reason.code) })
        }
    }

    @Test(arguments: seeds)
    func weightChangesSlowly(seed: UInt64) {
        for chart in charts(seed) where chart.patient.age(on: chart.visits[0].day) >= 19 {
            for (earlier, later) in zip(chart.visits, chart.visits.dropFirst()) {
                let change = chart.health.growth.weight(on: later.day) - chart.health.growth.weight(on: earlier.day)
                #expect(abs(change) <= 300 * (later.day - earlier.day) / 30 + 300)
            }
            let weight = chart.health.growth.weight(on: chart.visits[0].day)
            #expect((38_000...165_000).contains(weight), "\(weight)")
        }
    }

    @Test func diabetesIsMeasuredAndAnswersTreatment() throws {
        var count = 0
        for bytes in Samples.bundles {
            let bundle = try ParsedBundle(bytes)
            guard bundle.codes("Condition").contains("44054006") else { continue }
            count += 1
            let values = bundle.values("4548-4")
            let first = try #require(values.first)
            #expect(first >= 7.5)
            #expect(values.count < 3 || (values.last ?? 99) < first)
            let medicines = bundle.codes("MedicationRequest", "medicationCodeableConcept")
            #expect(medicines.contains("861007") || medicines.contains("861004"))
        }
        #expect(count >= 4)
    }

    @Test func withoutDiabetesSugarStaysBelowItsThreshold() throws {
        for bytes in Samples.bundles {
            let bundle = try ParsedBundle(bytes)
            let codes = bundle.codes("Condition")
            guard !codes.contains("44054006") else { continue }
            let limit = codes.contains("15777000") ? 6.4 : 5.6
            #expect(bundle.values("4548-4").allSatisfy { $0 <= limit })
        }
    }

    @Test func kidneyDiseaseStageThreeShowsInTheFiltrationRate() throws {
        var count = 0
        for bytes in Samples.bundles {
            let bundle = try ParsedBundle(bytes)
            let isIll = bundle.codes("Condition").contains("433144002")
            let rates = bundle.values("98979-8")
            count += isIll ? 1 : 0
            #expect(rates.allSatisfy { isIll ? (30...59).contains($0) : $0 >= 60 }, "\(rates)")
        }
        #expect(count >= 2)
    }

    @Test(arguments: [(100, 50, Sex.male, 92), (80, 40, .female, 95), (150, 70, .female, 37), (70, 25, .male, 131)])
    func filtrationRateFollowsTheEquation(creatinine: Int, age: Int, sex: Sex, rate: Int) {
        #expect(FiltrationRate.estimate(creatinine: creatinine, age: age, sex: sex) == rate)
    }

    @Test func everyDateLiesBetweenBirthAndDeathOrToday() throws {
        for (patient, bytes) in zip(Samples.clinic.patients, Samples.bundles) {
            let (birth, last) = (patient.birthDate.description, (patient.deathDate ?? Samples.today).description)
            for resource in try ParsedBundle(bytes).resources {
                for date in ParsedBundle.dates(in: resource) {
                    let day = String(date.text.prefix(10))
                    #expect(birth <= day && day <= last, "\(patient.index) \(date.name) \(date.text)")
                }
            }
        }
    }

    @Test func periodsEndAfterTheyBegin() throws {
        for bytes in Samples.bundles {
            for resource in try ParsedBundle(bytes).resources {
                let period = resource["period"] as? [String: String] ?? [:]
                if let start = period["start"], let end = period["end"] { #expect(start < end) }
                if let onset = resource["onsetDateTime"] as? String, let end = resource["abatementDateTime"] as? String
                {
                    #expect(onset < end)
                }
            }
        }
    }

    @Test func theDeadTakeNothing() throws {
        let dead = Samples.clinic.patients.filter { $0.deathDate != nil }
        #expect(dead.count == 3)
        for patient in dead {
            let bundle = try ParsedBundle(Samples.bundles[patient.index])
            let statuses = bundle.all("MedicationRequest").compactMap { $0["status"] as? String }
            #expect(!statuses.contains("active"))
        }
    }
}
