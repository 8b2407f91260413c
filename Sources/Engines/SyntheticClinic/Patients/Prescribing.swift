// SPDX-License-Identifier: Apache-2.0

/// A medicine with its reason and its time.
struct Prescription {
    let medicine: Medicine
    let reason: Coding
    let start: Int
    /// The day it was ended; nil while it goes on.
    let end: Int?
    /// The position of the visit at which it was written, when that visit is on record.
    let visit: Int?

    /// Whether the same medicine is taken already for another reason.
    func repeats(_ other: Prescription) -> Bool {
        medicine == other.medicine
    }
}

/// Chooses medicines that fit the problem and do not harm this patient.
struct Prescribing {
    let patient: Patient
    let health: HealthPlan
    let visits: [Visit]

    /// All prescriptions of the chart, in the order of their reasons.
    var prescriptions: [Prescription] {
        var taken: [Prescription] = []
        for prescription in health.diagnoses.flatMap(lasting) where !taken.contains(where: prescription.repeats) {
            taken.append(prescription)
        }
        let passing = visits.indices.compactMap(passing)
        return taken + passing.filter { course in !taken.contains(where: course.repeats) }
    }

    private func lasting(_ diagnosis: HealthPlan.Diagnosis) -> [Prescription] {
        if diagnosis.problem == .type2Diabetes, !diagnosis.isNew { return stepUp(diagnosis) }
        let medicines = medicines(for: diagnosis.problem)
        return medicines.map { medicine in
            Prescription(
                medicine: medicine, reason: diagnosis.problem.profile.coding, start: diagnosis.onset, end: nil,
                visit: diagnosis.isNew ? 0 : nil)
        }
    }

    /// An older diabetes whose treatment the first recorded visit found too weak.
    private func stepUp(_ diagnosis: HealthPlan.Diagnosis) -> [Prescription] {
        let reason = diagnosis.problem.profile.coding
        guard !health.has(.kidneyDisease) else {
            return [
                Prescription(medicine: .metformin500, reason: reason, start: diagnosis.onset, end: nil, visit: nil)
            ]
        }
        return [
            Prescription(
                medicine: .metformin500, reason: reason, start: diagnosis.onset, end: visits[0].day, visit: nil),
            Prescription(medicine: .metformin1000, reason: reason, start: visits[0].day, end: nil, visit: 0),
        ]
    }

    private func passing(_ position: Int) -> Prescription? {
        let visit = visits[position]
        guard case .acute(let problem) = visit.kind else { return nil }
        guard let medicine = problem.remedies.first(where: { suits($0, on: visit.day) }) else { return nil }
        return Prescription(
            medicine: medicine, reason: problem.coding, start: visit.day, end: visit.day + 10, visit: position)
    }

    private func medicines(for problem: Problem) -> [Medicine] {
        let hasAirwayDisease = health.has(.asthma) || health.has(.chronicLungDisease)
        switch problem {
        case .type2Diabetes: return [.metformin500]
        case .hypertension: return [mayBecomePregnant ? .amlodipine : .lisinopril]
        case .hyperlipidemia: return mayBecomePregnant ? [] : [.atorvastatin]
        case .coronaryDisease: return health.has(.atrialFibrillation) ? [] : [.aspirin]
        case .atrialFibrillation: return [.apixaban]
        case .heartFailure: return hasAirwayDisease ? [.furosemide] : [.furosemide, .carvedilol]
        case .asthma: return [.fluticasone, .albuterol]
        case .chronicLungDisease: return [.fluticasoneSalmeterol]
        case .hypothyroidism: return [.levothyroxine]
        case .depression: return [.sertraline]
        case .anxiety: return patient.age(on: visits[0].day) >= 18 ? [.sertraline] : []
        case .migraine: return health.has(.coronaryDisease) || takesSertraline ? [.acetaminophen] : [.sumatriptan]
        case .reflux: return [.omeprazole]
        case .osteoporosis: return health.has(.reflux) || health.has(.kidneyDisease) ? [] : [.alendronicAcid]
        case .prostateHyperplasia: return [.tamsulosin]
        case .kneeOsteoarthritis, .backPain: return toleratesAntiInflammatories ? [.naproxen] : [.acetaminophen]
        case .allergicRhinitis: return [.cetirizine]
        case .atopicDermatitis: return [.hydrocortisone]
        case .prediabetes, .kidneyDisease, .obesity: return []
        }
    }

    /// Whether a remedy fits allergies, age and lasting problems.
    private func suits(_ medicine: Medicine, on day: Int) -> Bool {
        switch medicine.family {
        case .penicillin: health.allergy?.coding != Allergy.penicillin.coding
        case .antiInflammatory: toleratesAntiInflammatories && patient.age(on: day) >= 12
        case .nitrofuran: !health.has(.kidneyDisease)
        case .adultTablet: patient.age(on: day) >= 12
        case .betaBlocker, .other: true
        }
    }

    private var mayBecomePregnant: Bool {
        patient.sex == .female && patient.age(on: visits[0].day) < 48
    }

    private var takesSertraline: Bool {
        health.has(.depression) || health.has(.anxiety)
    }

    private var toleratesAntiInflammatories: Bool {
        let obstacles: [Problem] = [
            .kidneyDisease, .coronaryDisease, .atrialFibrillation, .heartFailure, .reflux, .hypertension, .asthma,
        ]
        return patient.age(on: visits[0].day) < 70 && !obstacles.contains(where: health.has)
    }
}
