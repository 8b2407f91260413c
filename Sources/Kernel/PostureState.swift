// SPDX-License-Identifier: Apache-2.0

/// What is known about a measure or a practice. Unknown is a state of its own and never counts as good.
package enum PostureState: String, Sendable, CaseIterable {
    case met
    case partial
    case notMet = "not-met"
    case unknown

    /// The word that people read.
    package var word: String {
        switch self {
        case .met: "Met"
        case .partial: "Partly met"
        case .notMet: "Not met"
        case .unknown: "Not measured"
        }
    }

    /// The state of `measure` at `now`, given its newest reading.
    ///
    /// `unknown` without an unexpired reading, with nobody in the population, or with too little coverage; `met`
    /// when even counting every unmeasured one as failing reaches the target; `notMet` when even counting every
    /// unmeasured one as passing misses it; else `partial`. A population that comes from the same source as the
    /// numerator cannot be met, because whatever is missing from both would improve the score.
    package static func of(_ measure: Measure, _ reading: MeasureReading?, now: Instant) -> PostureState {
        guard let reading, now < reading.expiresAt, reading.collectedAt <= now.advanced(by: .minutes(5)),
            reading.population > 0
        else { return .unknown }
        let total = Double(reading.population)
        let coverage = Double(reading.population - reading.unmeasured) / total
        if coverage < measure.minimumCoverage { return .unknown }
        if Double(reading.fulfilling + reading.unmeasured) / total < measure.target { return .notMet }
        let reaches = Double(reading.fulfilling) / total >= measure.target
        return reaches && measure.populationIsIndependent ? .met : .partial
    }

    /// The state of a practice from the states of all its required measures; without any it is unknown.
    package static func combining(_ states: [PostureState]) -> PostureState {
        if states.isEmpty { return .unknown }
        return [.notMet, .unknown, .partial].first(where: states.contains) ?? .met
    }
}
