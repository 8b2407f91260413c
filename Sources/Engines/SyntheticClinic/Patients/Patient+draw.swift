// SPDX-License-Identifier: Apache-2.0

extension Patient {
    /// How many patients the clinic has.
    static let count = 100

    /// The clinic's patients; no two share a name.
    static func all(seed: UInt64, today: ClinicDate, people: [Person]) -> [Patient] {
        var taken: Set<String> = []
        return (0..<count).map { index in
            var random = SplitMix64(seed: seed, stream: .identity, index: index)
            var patient = draw(index, today, people, &random)
            while !taken.insert("\(patient.givenNames[0]) \(patient.familyName)").inserted {
                patient = draw(index, today, people, &random)
            }
            return patient
        }
    }

    private static func draw(
        _ index: Int, _ today: ClinicDate, _ people: [Person], _ random: inout SplitMix64
    ) -> Patient {
        let sex: Sex = random.chance(525) ? .female : .male
        // Three of the hundred died, all of them old.
        let hasDied = index % 33 == 17
        let age = hasDied ? random.draw(80...92) : drawAge(&random)
        let birth = ClinicDate(dayNumber: today.dayNumber - age * 365 - age / 4 - random.draw(1...364))
        let death = hasDied ? ClinicDate(dayNumber: today.dayNumber - random.draw(40...300)) : nil
        let name = drawName(sex, age, &random)
        return Patient(
            index: index, id: random.uuid(), medicalRecordNumber: "SDC-\(200_117 + index * 61)",
            givenNames: name.given, familyName: name.family, maidenName: name.maiden, sex: sex, birthDate: birth,
            deathDate: death, physician: physician(age, people, &random), nurse: nurse(people, &random))
    }

    private static func drawAge(_ random: inout SplitMix64) -> Int {
        switch random.draw(0...99) {
        case ..<14: random.draw(3...15)
        case ..<36: random.draw(16...39)
        case ..<68: random.draw(40...64)
        case ..<94: random.draw(65...84)
        default: random.draw(85...94)
        }
    }

    private static func drawName(
        _ sex: Sex, _ age: Int, _ random: inout SplitMix64
    ) -> (given: [String], family: String, maiden: String?) {
        let pool = random.pick(NamePool.all)
        let first = random.pick(sex == .female ? pool.feminine : pool.masculine)
        let second = random.pick(sex == .female ? pool.feminine : pool.masculine)
        let given = second != first && random.chance(350) ? [first, second] : [first]
        let born = random.pick(pool.families)
        guard sex == .female, age >= 28, random.chance(380) else { return (given, born, nil) }
        // Marriage is where the origins mix.
        let married = random.pick(random.pick(NamePool.all).families)
        return married == born ? (given, born, nil) : (given, married, born)
    }

    private static func physician(_ age: Int, _ people: [Person], _ random: inout SplitMix64) -> Int {
        let physicians = people.filter { $0.roles.contains(.physician) }
        let forChildren = physicians.filter { $0.jobTitle == "Paediatrician" }
        let forAdults = physicians.filter { $0.jobTitle != "Paediatrician" }
        return random.pick(age < 17 ? forChildren : forAdults).index
    }

    private static func nurse(_ people: [Person], _ random: inout SplitMix64) -> Int {
        random.pick(people.filter { $0.roles.contains(.nurse) }).index
    }

    /// Whole years of age on the day `dayNumber`.
    func age(on dayNumber: Int) -> Int {
        birthDate.age(on: dayNumber)
    }
}
