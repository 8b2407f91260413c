// SPDX-License-Identifier: Apache-2.0

import Kernel
import TestSupport
import Testing

@testable import Access

/// Answers about everybody are those that each one would get.
struct CensusTests {
    private static let actions =
        [Action("vault.read-chart", "Read a patient's chart")] + ProtectedClass.allCases.map(\.action)

    @Test func whoMayIsWhomTheAuthorizerAllows() async throws {
        try await AccessFixture.with { house in
            try await house.useCareTeams()
            var generator = SplitMix64(seed: 11)
            let departments = ["Emergency", "Maternity"]
            var people: [Identifier<Kernel.Person>] = []
            for number in 0..<40 {
                let role = StaffRole.allCases[Int(generator.next() % UInt64(StaffRole.allCases.count))]
                let person = house.person("Person \(number)", role, .nurse, isEnabled: generator.next() % 7 != 0)
                if generator.next() % 2 == 0 {
                    try await house.put(person, in: departments[Int(generator.next() % 2)])
                }
                try await house.know(person, as: "urn:test|\(number)")
                people.append(person)
            }
            var allowed = 0
            for _ in 0..<10 {
                let care = (0..<5).map { _ in
                    CareRelation(
                        practitioner: "urn:test|\(generator.next() % 50)", kind: .encounter,
                        from: house.now.advanced(by: .seconds(Int64(generator.next() % 7_200) - 3_600)),
                        until: generator.next() % 2 == 0 ? nil : house.now.advanced(by: .seconds(-300_000)))
                }
                let patient = house.patient(care: care, department: generator.next() % 2 == 0 ? "Emergency" : nil)
                let relations = try await house.patients.relations(of: patient)
                let census = try await house.rules.census()
                for action in Self.actions {
                    let found = try census.allowed(action, on: try #require(relations))
                    var expected: [Identifier<Kernel.Person>: [String]] = [:]
                    for person in people {
                        let decision = try await house.decide(action, person, on: patient)
                        if decision.isAllowed { expected[person] = decision.rules }
                    }
                    let answered = Dictionary(uniqueKeysWithValues: found.map { ($0.member.summary.id, $0.rules) })
                    #expect(answered == expected)
                    allowed += found.count
                }
            }
            #expect(allowed > 100)
        }
    }
}

/// Numbers that a seed determines (Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
