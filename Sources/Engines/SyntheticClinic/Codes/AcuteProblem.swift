// SPDX-License-Identifier: Apache-2.0

/// A passing complaint that brings somebody to the clinic once.
struct AcuteProblem {
    let coding: Coding
    let ages: ClosedRange<Int>
    let sex: Sex?
    /// From October to March only.
    let isWinterly: Bool
    /// Body temperature above 37.0 °C, in tenths of a degree.
    let fever: ClosedRange<Int>
    /// How long it lasts, in days.
    let course: ClosedRange<Int>
    /// Medicines in order of preference; the first that suits the patient is prescribed.
    let remedies: [Medicine]

    private init(
        _ code: String, _ display: String, ages: ClosedRange<Int> = 0...110, sex: Sex? = nil, winterly: Bool = false,
        fever: ClosedRange<Int> = -4...2, course: ClosedRange<Int>, _ remedies: [Medicine]
    ) {
        coding = .snomed(code, display)
        (self.ages, self.sex, isWinterly) = (ages, sex, winterly)
        (self.fever, self.course, self.remedies) = (fever, course, remedies)
    }

    static let all = [
        AcuteProblem(
            "195662009", "Acute viral pharyngitis", winterly: true, fever: 2...11, course: 5...9,
            [.acetaminophen, .childAcetaminophen]),
        AcuteProblem("444814009", "Viral sinusitis", ages: 8...110, winterly: true, fever: 0...8, course: 7...14, []),
        AcuteProblem(
            "10509002", "Acute bronchitis", winterly: true, fever: 0...9, course: 10...18,
            [.acetaminophen, .childAcetaminophen]),
        AcuteProblem(
            "6142004", "Influenza", winterly: true, fever: 12...25, course: 6...10,
            [.acetaminophen, .childAcetaminophen]),
        AcuteProblem(
            "43878008", "Streptococcal sore throat", ages: 5...40, fever: 8...20, course: 7...10,
            [.penicillinV, .cefuroxime]),
        AcuteProblem(
            "65363002", "Otitis media", ages: 0...11, fever: 5...18, course: 7...10, [.amoxicillin, .cefuroxime]),
        AcuteProblem(
            "68566005", "Urinary tract infectious disease", ages: 17...110, sex: .female, fever: -2...5, course: 4...8,
            [.nitrofurantoin, .cefuroxime]),
        AcuteProblem("44465007", "Sprain of ankle", ages: 9...70, course: 14...35, [.ibuprofen, .acetaminophen]),
        AcuteProblem("70704007", "Sprain of wrist", ages: 9...85, course: 14...30, [.ibuprofen, .acetaminophen]),
        AcuteProblem("283371005", "Laceration of forearm", ages: 5...80, course: 10...16, []),
        AcuteProblem("25064002", "Headache", ages: 10...110, course: 2...6, [.acetaminophen, .childAcetaminophen]),
        AcuteProblem("68962001", "Muscle pain", ages: 14...110, course: 5...14, [.ibuprofen, .acetaminophen]),
        AcuteProblem("404640003", "Dizziness", ages: 50...110, course: 3...10, []),
        AcuteProblem("9826008", "Conjunctivitis", course: 5...10, []),
        AcuteProblem("271807003", "Eruption of skin", course: 6...16, [.hydrocortisone]),
        AcuteProblem("25374005", "Gastroenteritis", fever: 0...12, course: 3...6, []),
    ]

    /// What may befall somebody of this age and sex in this month; never empty, for gastroenteritis knows no season.
    static func possible(age: Int, sex: Sex, month: Int) -> [AcuteProblem] {
        let isWinter = month >= 10 || month <= 3
        return all.filter { problem in
            problem.ages.contains(age) && (problem.sex ?? sex) == sex && (isWinter || !problem.isWinterly)
        }
    }
}
