// SPDX-License-Identifier: Apache-2.0

/// A lasting problem of primary care that a patient of the clinic may have.
enum Problem: Int, CaseIterable {
    case type2Diabetes, prediabetes, hypertension, hyperlipidemia, coronaryDisease, atrialFibrillation, heartFailure
    case kidneyDisease, obesity, asthma, chronicLungDisease, hypothyroidism, depression, anxiety, migraine, reflux
    case kneeOsteoarthritis, osteoporosis, prostateHyperplasia, backPain, allergicRhinitis, atopicDermatitis

    /// How usual the problem is, and in whom.
    struct Profile {
        let coding: Coding
        /// Ages at which it is met; the frequency rises linearly from the first to the last.
        let ages: ClosedRange<Int>
        let sex: Sex?
        /// Cases in a thousand at the lower and at the upper age.
        let perMille: (young: Int, old: Int)

        init(_ code: String, _ display: String, _ ages: ClosedRange<Int>, _ young: Int, _ old: Int, sex: Sex? = nil) {
            coding = .snomed(code, display)
            (self.ages, self.sex, perMille) = (ages, sex, (young, old))
        }
    }

    // A flat switch is the table itself; splitting it would only hide it.
    var profile: Profile {
        switch self {
        case .type2Diabetes: Profile("44054006", "Type 2 diabetes mellitus", 35...95, 60, 260)
        case .prediabetes: Profile("15777000", "Prediabetes", 30...95, 60, 220)
        case .hypertension: Profile("59621000", "Essential hypertension", 32...95, 90, 680)
        case .hyperlipidemia: Profile("55822004", "Hyperlipidemia", 35...95, 120, 450)
        case .coronaryDisease: Profile("53741008", "Coronary arteriosclerosis", 52...95, 40, 230)
        case .atrialFibrillation: Profile("49436004", "Atrial fibrillation", 60...95, 30, 190)
        case .heartFailure: Profile("88805009", "Chronic congestive heart failure", 66...95, 80, 260)
        case .kidneyDisease: Profile("433144002", "Chronic kidney disease stage 3", 58...95, 90, 330)
        // Follows from the body mass index; see `HealthPlan`.
        case .obesity: Profile("162864005", "Body mass index 30+ - obesity", 18...95, 0, 0)
        case .asthma: Profile("195967001", "Asthma", 5...70, 110, 60)
        case .chronicLungDisease: Profile("13645005", "Chronic obstructive lung disease", 50...95, 50, 140)
        case .hypothyroidism: Profile("40930008", "Hypothyroidism", 28...95, 50, 120)
        case .depression: Profile("35489007", "Depressive disorder", 17...85, 110, 120)
        case .anxiety: Profile("197480006", "Anxiety disorder", 16...70, 120, 60)
        case .migraine: Profile("37796009", "Migraine", 16...60, 140, 70)
        case .reflux: Profile("235595009", "Gastroesophageal reflux disease", 28...90, 80, 170)
        case .kneeOsteoarthritis: Profile("239873007", "Osteoarthritis of knee", 50...95, 110, 360)
        case .osteoporosis: Profile("64859006", "Osteoporosis", 60...95, 120, 350, sex: .female)
        case .prostateHyperplasia: Profile("266569009", "Benign prostatic hyperplasia", 52...95, 160, 480, sex: .male)
        case .backPain: Profile("278860009", "Chronic low back pain", 26...85, 70, 160)
        case .allergicRhinitis: Profile("367498001", "Seasonal allergic rhinitis", 6...60, 170, 110)
        case .atopicDermatitis: Profile("24079001", "Atopic dermatitis", 3...14, 190, 100)
        }
    }

    /// The frequency at an age, in cases of a thousand people of that sex.
    func frequency(age: Int, sex: Sex) -> Int {
        let profile = profile
        guard profile.ages.contains(age), profile.sex.map({ $0 == sex }) ?? true else { return 0 }
        let span = profile.ages.upperBound - profile.ages.lowerBound
        let rise = (profile.perMille.old - profile.perMille.young) * (age - profile.ages.lowerBound)
        return profile.perMille.young + rise / max(span, 1)
    }
}
