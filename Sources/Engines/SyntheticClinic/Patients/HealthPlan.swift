// SPDX-License-Identifier: Apache-2.0

/// What lasts in a patient: the problems with their beginning, the allergy, the body.
struct HealthPlan {
    /// A problem and the day it began. `isNew` when the clinic found it at the first visit of the recorded time.
    struct Diagnosis {
        let problem: Problem
        let onset: Int
        let isNew: Bool
    }

    let diagnoses: [Diagnosis]
    let allergy: Allergy?
    let growth: Growth
    let smokes: Bool

    /// - Parameters:
    ///   - firstVisit: the day of the first visit that is on record.
    init(patient: Patient, firstVisit: Int, random: inout SplitMix64) {
        let age = patient.age(on: firstVisit)
        var problems = HealthPlan.drawProblems(patient, age, &random)
        growth = HealthPlan.drawGrowth(patient, problems, firstVisit, &random)
        let bodyMass = growth.bodyMassIndex(weight: growth.weight(on: firstVisit), on: firstVisit)
        if age >= 18, bodyMass >= 300 { problems.append(.obesity) }
        diagnoses = problems.map { HealthPlan.date($0, patient, firstVisit, &random) }
        allergy = HealthPlan.drawAllergy(problems, age, &random)
        smokes = problems.contains(.chronicLungDisease) || (age >= 18 && random.chance(140))
    }

    func has(_ problem: Problem) -> Bool {
        diagnoses.contains { $0.problem == problem }
    }

    func diagnosis(_ problem: Problem) -> Diagnosis? {
        diagnoses.first { $0.problem == problem }
    }

    private static func drawProblems(_ patient: Patient, _ age: Int, _ random: inout SplitMix64) -> [Problem] {
        var problems: [Problem] = []
        for problem in Problem.allCases {
            // Drawn before the question whether it fits, so that one rule more shifts nothing else.
            let occurs = random.chance(problem.frequency(age: age, sex: patient.sex))
            if occurs, fits(problem, problems) { problems.append(problem) }
        }
        if problems.contains(.coronaryDisease), !problems.contains(.hyperlipidemia) { problems.append(.hyperlipidemia) }
        return problems
    }

    /// Whether a problem may join those found so far: some exclude each other, some need a cause.
    private static func fits(_ problem: Problem, _ found: [Problem]) -> Bool {
        switch problem {
        case .prediabetes: !found.contains(.type2Diabetes)
        case .chronicLungDisease: !found.contains(.asthma)
        case .anxiety: !found.contains(.depression)
        case .kidneyDisease: found.contains(.type2Diabetes) || found.contains(.hypertension)
        case .heartFailure: found.contains(.coronaryDisease) || found.contains(.hypertension)
        default: true
        }
    }

    /// Problems that the clinic sometimes finds itself, so that a chart shows the time before treatment as well.
    private static let foundHere: [Problem] = [.type2Diabetes, .hypertension, .hyperlipidemia, .depression, .reflux]

    private static func date(
        _ problem: Problem, _ patient: Patient, _ firstVisit: Int, _ random: inout SplitMix64
    ) -> Diagnosis {
        let isNew = random.chance(300) && foundHere.contains(problem)
        let years = patient.age(on: firstVisit) - problem.profile.ages.lowerBound
        let longest = min(max(years, 0), 18) * 365
        let ago = 30 + random.draw(0...max(longest, 60))
        let earliest = patient.birthDate.dayNumber + 200
        return Diagnosis(problem: problem, onset: isNew ? firstVisit : max(firstVisit - ago, earliest), isNew: isNew)
    }
}
