// SPDX-License-Identifier: Apache-2.0

extension HealthPlan {
    static func drawGrowth(
        _ patient: Patient, _ problems: [Problem], _ start: Int, _ random: inout SplitMix64
    ) -> Growth {
        let heightPercent = random.draw(95...105)
        let isHeavy = problems.contains(.type2Diabetes) || problems.contains(.prediabetes)
        // Tenths of kg/m²; most people lie near the middle of two draws.
        let index = (random.draw(190...310) + random.draw(190...330)) / 2 + (isHeavy ? random.draw(20...60) : 0)
        let bare = growth(patient, start, heightPercent: heightPercent, weightPercent: random.draw(90...112))
        let height = bare.height(on: start)
        return Growth(
            sex: bare.sex, birth: bare.birth, heightPercent: heightPercent, weightPercent: bare.weightPercent,
            start: start,
            startWeight: index * height * height / 10_000,
            monthlyChange: index >= 300 ? random.draw(-280...20) : random.draw(-90...140))
    }

    private static func growth(_ patient: Patient, _ start: Int, heightPercent: Int, weightPercent: Int) -> Growth {
        Growth(
            sex: patient.sex, birth: patient.birthDate.dayNumber, heightPercent: heightPercent,
            weightPercent: weightPercent, start: start, startWeight: 0, monthlyChange: 0)
    }

    static func drawAllergy(_ problems: [Problem], _ age: Int, _ random: inout SplitMix64) -> Allergy? {
        if problems.contains(.allergicRhinitis) { return random.pick(Allergy.airborne) }
        return random.chance(240) ? random.pick(Allergy.others) : nil
    }
}

/// Something that a patient does not tolerate.
struct Allergy {
    let coding: Coding
    /// FHIR's category: food, medication, environment or biologic.
    let category: String
    let isSevere: Bool
    let reaction: Coding

    static let penicillin = Allergy(
        coding: .snomed("91936005", "Allergy to penicillin"), category: "medication", isSevere: true, reaction: hives)

    static let airborne = [
        Allergy(
            coding: .snomed("418689008", "Allergy to grass pollen"), category: "environment", isSevere: false,
            reaction: rhinitis),
        Allergy(
            coding: .snomed("419263009", "Allergy to tree pollen"), category: "environment", isSevere: false,
            reaction: rhinitis),
    ]

    static let others = [
        penicillin, penicillin,
        Allergy(
            coding: .snomed("300916003", "Latex allergy"), category: "environment", isSevere: false, reaction: hives),
        Allergy(
            coding: .snomed("417532002", "Allergy to fish"), category: "food", isSevere: true, reaction: anaphylaxis),
        Allergy(
            coding: .snomed("91935009", "Allergy to peanut"), category: "food", isSevere: true, reaction: anaphylaxis),
        Allergy(
            coding: .snomed("232350006", "House dust mite allergy"), category: "environment", isSevere: false,
            reaction: rhinitis),
        Allergy(
            coding: .snomed("419474003", "Allergy to mould"), category: "environment", isSevere: false,
            reaction: rhinitis),
    ]

    static let noneKnown = Coding.snomed("716186003", "No known allergy")

    private static let hives = Coding.snomed("247472004", "Hives")
    private static let rhinitis = Coding.snomed("70076002", "Rhinitis")
    private static let anaphylaxis = Coding.snomed("39579001", "Anaphylaxis")
}
