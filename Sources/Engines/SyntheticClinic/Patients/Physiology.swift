// SPDX-License-Identifier: Apache-2.0

/// The levels around which a patient's measured values lie, as the problems and their treatment set them.
struct Physiology {
    let systolic: Trend
    let diastolic: Trend
    let heartRate: Int
    /// Tenths of a per cent.
    let hba1c: Trend
    /// mg/dL.
    let ldl: Trend
    let hdl: Int
    let triglycerides: Int
    /// Hundredths of mg/dL.
    let creatinine: Int

    init(patient: Patient, health: HealthPlan, prescriptions: [Prescription], random: inout SplitMix64) {
        let age = patient.age(on: health.growth.start)
        (systolic, diastolic) = Physiology.pressure(age, health, &random)
        heartRate = age < 12 ? random.draw(82...98) : random.draw(62...80) + (health.has(.atrialFibrillation) ? 8 : 0)
        hba1c = Physiology.sugar(health, &random)
        ldl = Physiology.lipid(health, prescriptions, &random)
        hdl = random.draw(patient.sex == .female ? 46...68 : 38...58)
        triglycerides = random.draw(80...140) + (health.has(.type2Diabetes) ? 55 : 0)
        creatinine = Physiology.creatinine(patient, age, health, &random)
    }

    private static func pressure(
        _ age: Int, _ health: HealthPlan, _ random: inout SplitMix64
    ) -> (Trend, Trend) {
        guard let diagnosis = health.diagnosis(.hypertension) else {
            // A child's pressure rises by about two a year towards the adult's.
            let childhood = max(16 - age, 0)
            return (
                Trend(steady: random.draw(108...126) - childhood * 2),
                Trend(steady: random.draw(66...79) - childhood)
            )
        }
        let before = (random.draw(150...168), random.draw(91...101))
        let after = (random.draw(123...135), random.draw(74...83))
        return (
            Trend(untreated: before.0, treated: after.0, treatmentDay: diagnosis.onset),
            Trend(untreated: before.1, treated: after.1, treatmentDay: diagnosis.onset)
        )
    }

    private static func sugar(_ health: HealthPlan, _ random: inout SplitMix64) -> Trend {
        // Treatment begins, or is strengthened, at the first recorded visit.
        if health.has(.type2Diabetes) {
            return Trend(
                untreated: random.draw(78...97), treated: random.draw(66...72), treatmentDay: health.growth.start)
        }
        return Trend(steady: health.has(.prediabetes) ? random.draw(59...62) : random.draw(49...54))
    }

    private static func lipid(
        _ health: HealthPlan, _ prescriptions: [Prescription], _ random: inout SplitMix64
    ) -> Trend {
        guard health.has(.hyperlipidemia) else { return Trend(steady: random.draw(78...122)) }
        let treatment = prescriptions.first { $0.medicine == .atorvastatin }
        return Trend(
            untreated: random.draw(158...196), treated: random.draw(76...104), treatmentDay: treatment?.start)
    }

    private static func creatinine(
        _ patient: Patient, _ age: Int, _ health: HealthPlan, _ random: inout SplitMix64
    ) -> Int {
        let healthy = min(max(108 - max(age - 30, 0) * 7 / 10 + random.draw(-8...8), 67), 116)
        let rate = health.has(.kidneyDisease) ? random.draw(48...55) : healthy
        return FiltrationRate.creatinine(forRate: rate, age: age, sex: patient.sex)
    }
}
