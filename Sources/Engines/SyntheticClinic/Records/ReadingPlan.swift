// SPDX-License-Identifier: Apache-2.0

/// What is measured at one visit, and what it shows.
struct ReadingPlan {
    let systolic: Reading
    let diastolic: Reading
    /// Readings that stand for themselves.
    let single: [Reading]
    /// The lipid panel's readings; empty when no panel was taken.
    let lipids: [Reading]

    init(chart: Chart, visit: Visit, isFirst: Bool, random: inout SplitMix64) {
        let body = chart.physiology
        let isAdult = chart.patient.age(on: visit.day) >= 18
        let top = body.systolic.level(on: visit.day) + random.draw(-4...4)
        let bottom = body.diastolic.level(on: visit.day) + random.draw(-3...3)
        systolic = Reading(.systolic, top, low: isAdult ? 90 : nil, high: isAdult ? 130 : nil)
        diastolic = Reading(.diastolic, bottom, low: isAdult ? 60 : nil, high: isAdult ? 85 : nil)
        let vitals = ReadingPlan.vitals(chart, visit, isFirst: isFirst, &random)
        single = vitals + (visit.isAcute ? [] : ReadingPlan.chemistry(chart, visit, &random))
        lipids = visit.isAcute ? [] : ReadingPlan.lipids(chart, visit, &random)
    }

    private static func vitals(
        _ chart: Chart, _ visit: Visit, isFirst: Bool, _ random: inout SplitMix64
    ) -> [Reading] {
        let isAdult = chart.patient.age(on: visit.day) >= 18
        let growth = chart.health.growth
        // The scale shows tenths of a kilogram.
        let weight = (growth.weight(on: visit.day) + random.draw(-3...3) * 100) / 100
        let index = growth.bodyMassIndex(weight: weight * 100, on: visit.day)
        let temperature = visitTemperature(visit, &random)
        let rate = chart.physiology.heartRate + random.draw(-5...5) + (temperature.map { max($0 - 375, 0) } ?? 0)
        var readings = [
            Reading(.heartRate, rate, low: isAdult ? 60 : nil, high: isAdult ? 100 : nil), Reading(.weight, weight),
            Reading(.bodyMassIndex, index, low: isAdult ? 185 : nil, high: isAdult ? 249 : nil),
        ]
        if isFirst || !isAdult { readings.append(Reading(.height, growth.height(on: visit.day))) }
        if let temperature { readings.append(Reading(.temperature, temperature, low: 361, high: 375)) }
        return readings
    }

    /// Tenths of a degree Celsius, at visits for a complaint.
    private static func visitTemperature(_ visit: Visit, _ random: inout SplitMix64) -> Int? {
        guard case .acute(let problem) = visit.kind else { return nil }
        return 370 + random.draw(problem.fever)
    }

    private static func chemistry(_ chart: Chart, _ visit: Visit, _ random: inout SplitMix64) -> [Reading] {
        let age = chart.patient.age(on: visit.day)
        let health = chart.health
        let (sugar, salt) = (random.draw(-2...2), random.draw(-3...3))
        var readings: [Reading] = []
        if health.has(.type2Diabetes) || health.has(.prediabetes) || age >= 45 {
            let level = chart.physiology.hba1c.level(on: visit.day)
            // Prediabetes is 5.7 to 6.4 %; without it a value stays below.
            let noise = health.has(.type2Diabetes) ? sugar : sugar / 2
            readings.append(Reading(.hba1c, level + noise, low: 40, high: 56))
        }
        if age >= 18, age >= 55 || health.has(.hypertension) || health.has(.type2Diabetes) {
            readings += kidney(chart, chart.physiology.creatinine + salt, age)
        }
        return readings
    }

    private static func kidney(_ chart: Chart, _ creatinine: Int, _ age: Int) -> [Reading] {
        let sex = chart.patient.sex
        let rate = FiltrationRate.estimate(creatinine: creatinine, age: age, sex: sex)
        let usual = sex == .female ? (low: 50, high: 104) : (low: 60, high: 130)
        return [
            Reading(.creatinine, creatinine, low: usual.low, high: usual.high),
            Reading(.filtrationRate, rate, low: 60),
        ]
    }

    /// The panel, with total cholesterol as Friedewald's equation ties it to the others.
    private static func lipids(_ chart: Chart, _ visit: Visit, _ random: inout SplitMix64) -> [Reading] {
        let age = chart.patient.age(on: visit.day)
        let isDue = random.chance(chart.health.has(.hyperlipidemia) ? 750 : 300)
        let (low, fat) = (random.draw(-6...6), random.draw(-9...9) * 5)
        guard isDue, age >= 40 || chart.health.has(.hyperlipidemia) else { return [] }
        let ldl = chart.physiology.ldl.level(on: visit.day) + low
        let triglycerides = max(chart.physiology.triglycerides / 5 * 5 + fat, 60)
        let hdl = chart.physiology.hdl + low / 3
        return [
            Reading(.cholesterol, ldl + hdl + triglycerides / 5, high: 200), Reading(.ldl, ldl, high: 130),
            Reading(.hdl, hdl, low: chart.patient.sex == .female ? 50 : 40),
            Reading(.triglycerides, triglycerides, high: 150),
        ]
    }
}
