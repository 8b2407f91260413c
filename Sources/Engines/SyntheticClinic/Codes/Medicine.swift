// SPDX-License-Identifier: Apache-2.0

/// A medicine of the clinic's formulary with its usual instruction.
struct Medicine: Equatable {
    let coding: Coding
    /// What the label says.
    let instruction: String
    /// Doses a day.
    let frequency: Int
    let isAsNeeded: Bool
    let family: Family

    /// What matters when two things in a chart must not meet.
    enum Family {
        case other, penicillin, antiInflammatory, nitrofuran, betaBlocker, adultTablet
    }

    private init(
        _ code: String, _ display: String, _ instruction: String, _ frequency: Int = 1, asNeeded: Bool = false,
        family: Family = .other
    ) {
        coding = .rxNorm(code, display)
        (self.instruction, self.frequency, isAsNeeded, self.family) = (instruction, frequency, asNeeded, family)
    }
}

extension Medicine {
    static let metformin500 = Medicine(
        "861007", "metformin hydrochloride 500 MG Oral Tablet", "Take one tablet twice daily with meals", 2)
    static let metformin1000 = Medicine(
        "861004", "metformin hydrochloride 1000 MG Oral Tablet", "Take one tablet twice daily with meals", 2)
    static let lisinopril = Medicine("314076", "lisinopril 10 MG Oral Tablet", "Take one tablet every morning")
    static let amlodipine = Medicine("197361", "amlodipine 5 MG Oral Tablet", "Take one tablet every morning")
    static let atorvastatin = Medicine("617310", "atorvastatin 20 MG Oral Tablet", "Take one tablet every evening")
    static let aspirin = Medicine("243670", "aspirin 81 MG Oral Tablet", "Take one tablet daily with food")
    static let apixaban = Medicine("1364445", "apixaban 5 MG Oral Tablet", "Take one tablet twice daily", 2)
    static let furosemide = Medicine("313988", "furosemide 40 MG Oral Tablet", "Take one tablet every morning")
    static let carvedilol = Medicine(
        "200033", "carvedilol 25 MG Oral Tablet", "Take one tablet twice daily with food", 2, family: .betaBlocker)
    static let fluticasone = Medicine(
        "895994", "120 ACTUAT fluticasone propionate 0.044 MG/ACTUAT Metered Dose Inhaler",
        "Inhale two puffs twice daily, then rinse the mouth", 2)
    static let albuterol = Medicine(
        "2123111", "NDA020503 200 ACTUAT albuterol 0.09 MG/ACTUAT Metered Dose Inhaler",
        "Inhale two puffs when short of breath, at most every four hours", 4, asNeeded: true)
    static let fluticasoneSalmeterol = Medicine(
        "896209", "60 ACTUAT fluticasone propionate 0.25 MG/ACTUAT / salmeterol 0.05 MG/ACTUAT Dry Powder Inhaler",
        "Inhale one dose twice daily, then rinse the mouth", 2)
    static let levothyroxine = Medicine(
        "892246", "levothyroxine sodium 0.1 MG Oral Tablet", "Take one tablet half an hour before breakfast")
    static let sertraline = Medicine("312941", "sertraline 50 MG Oral Tablet", "Take one tablet every morning")
    static let sumatriptan = Medicine(
        "313161", "sumatriptan 50 MG Oral Tablet", "Take one tablet at the onset of an attack", 1, asNeeded: true)
    static let omeprazole = Medicine(
        "198051", "omeprazole 20 MG Delayed Release Oral Capsule", "Take one capsule before breakfast")
    static let alendronicAcid = Medicine(
        "904419", "alendronic acid 10 MG Oral Tablet", "Take one tablet with a full glass of water, stay upright")
    static let tamsulosin = Medicine(
        "863669", "tamsulosin hydrochloride 0.4 MG Oral Capsule", "Take one capsule after the same meal every day")
    static let cetirizine = Medicine(
        "1014678", "cetirizine hydrochloride 10 MG Oral Tablet", "Take one tablet in the evening", 1, asNeeded: true)
    static let hydrocortisone = Medicine(
        "106258", "hydrocortisone 10 MG/ML Topical Cream", "Apply thinly twice daily for up to two weeks", 2)
}

extension Medicine {
    static let acetaminophen = Medicine(
        "198440", "acetaminophen 500 MG Oral Tablet", "Take one or two tablets when needed, at most eight a day", 4,
        asNeeded: true, family: .adultTablet)
    static let childAcetaminophen = Medicine(
        "313820", "acetaminophen 160 MG Chewable Tablet", "Give by weight when needed, at most four times a day", 4,
        asNeeded: true)
    static let naproxen = Medicine(
        "849574", "naproxen sodium 220 MG Oral Tablet", "Take one tablet with food when needed", 2, asNeeded: true,
        family: .antiInflammatory)
    static let ibuprofen = Medicine(
        "310965", "ibuprofen 200 MG Oral Tablet", "Take one or two tablets with food for five days", 3,
        family: .antiInflammatory)
    static let amoxicillin = Medicine(
        "308182", "amoxicillin 250 MG Oral Capsule", "Give one capsule three times daily for seven days", 3,
        family: .penicillin)
    static let penicillinV = Medicine(
        "834102", "penicillin V potassium 500 MG Oral Tablet", "Take one tablet twice daily for ten days", 2,
        family: .penicillin)
    static let cefuroxime = Medicine(
        "309097", "cefuroxime 250 MG Oral Tablet", "Take one tablet twice daily for seven days", 2)
    static let nitrofurantoin = Medicine(
        "1648755", "nitrofurantoin, macrocrystals 25 MG / nitrofurantoin, monohydrate 75 MG Oral Capsule",
        "Take one capsule twice daily for five days", 2, family: .nitrofuran)
}
