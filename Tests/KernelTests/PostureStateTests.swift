// SPDX-License-Identifier: Apache-2.0

import Kernel
import Testing

/// The state of a measure is a pure function; unknown must never look good.
struct PostureStateTests {
    private let now = Instant(microseconds: 1_800_000_000_000_000)

    private func measure(target: Double = 1, coverage: Double = 1, independent: Bool = true) -> Measure {
        Measure(
            id: "test.measure", practice: .backup, title: "", population: "things", maximumAge: .hours(1),
            minimumCoverage: coverage, target: target, populationIsIndependent: independent, nextStep: "")
    }

    private func state(
        _ measure: Measure, n: Int64, k: Int64, m: Int64 = 0, age: Duration = .seconds(0)
    ) throws -> PostureState {
        let collected = now.advanced(by: .zero - age)
        let reading = try #require(
            MeasureReading(
                of: measure, population: n, fulfilling: k, unmeasured: m, effectiveAt: collected,
                collectedAt: collected, source: "test"))
        return .of(measure, reading, now: now)
    }

    @Test func withoutAReadingNothingIsKnown() {
        #expect(PostureState.of(measure(), nil, now: now) == .unknown)
    }

    @Test func anEmptyPopulationIsUnknown() throws {
        #expect(try state(measure(), n: 0, k: 0) == .unknown)
    }

    @Test func aReadingExpiresAtItsAge() throws {
        #expect(try state(measure(), n: 1, k: 1, age: .seconds(3_599)) == .met)
        #expect(try state(measure(), n: 1, k: 1, age: .hours(1)) == .unknown)
    }

    @Test func aReadingFromTheFutureIsNotBelieved() throws {
        #expect(try state(measure(), n: 1, k: 1, age: .hours(-1)) == .unknown)
    }

    @Test func tooLittleCoverageIsUnknown() throws {
        #expect(try state(measure(target: 0.5, coverage: 0.9), n: 10, k: 8, m: 2) == .unknown)
    }

    @Test func boundsDecide() throws {
        let lenient = measure(target: 0.8, coverage: 0)
        #expect(try state(lenient, n: 10, k: 8, m: 2) == .met)
        #expect(try state(lenient, n: 10, k: 7, m: 1) == .partial)
        #expect(try state(lenient, n: 10, k: 5, m: 2) == .notMet)
    }

    @Test func aPopulationFromTheSameSourceCannotBeMet() throws {
        #expect(try state(measure(independent: false), n: 3, k: 3) == .partial)
        #expect(try state(measure(independent: false), n: 3, k: 2) == .notMet)
    }

    @Test(
        arguments: [
            ([], PostureState.unknown), ([.met, .met], .met), ([.met, .partial], .partial),
            ([.met, .partial, .unknown], .unknown), ([.unknown, .notMet, .met], .notMet),
        ] as [([PostureState], PostureState)])
    func theWorstOfAPracticeCounts(states: [PostureState], expected: PostureState) {
        #expect(PostureState.combining(states) == expected)
    }

    @Test(arguments: [(-1, 0, 0), (1, 2, 0), (3, 1, 3), (3, -1, 0), (3, 1, -1)] as [(Int64, Int64, Int64)])
    func impossibleCountsMakeNoReading(n: Int64, k: Int64, m: Int64) {
        #expect(
            MeasureReading(
                of: measure(), population: n, fulfilling: k, unmeasured: m, effectiveAt: now, collectedAt: now,
                source: "") == nil)
    }
}
