// SPDX-License-Identifier: Apache-2.0

/// Something that a practice proves about itself: how many of a population fulfil a condition.
package struct Measure: Sendable {
    /// `<module>.<noun>`, such as `identity.second-factor`.
    package let id: String
    /// The practice whose row it decides; nil for the platform's own strip.
    package let practice: PracticeName?
    /// What it says when it is met: "Everyone signs in with a second factor".
    package let title: String
    /// What is counted: "people who can sign in".
    package let population: String
    /// How long a reading may be believed.
    package let maximumAge: Duration
    /// The least share of the population that must be measured, 0…1.
    package let minimumCoverage: Double
    /// The share that must fulfil the condition, 0…1.
    package let target: Double
    /// Whether the population comes from another source than the numerator.
    package let populationIsIndependent: Bool
    /// The rules that it answers: `45 CFR 164.312(d)`, `HICP 3`.
    package let rules: [String]
    /// What to do when it is not met.
    package let nextStep: String

    /// A measure.
    package init(
        id: String, practice: PracticeName?, title: String, population: String, maximumAge: Duration,
        minimumCoverage: Double = 1, target: Double = 1, populationIsIndependent: Bool = true, rules: [String] = [],
        nextStep: String
    ) {
        self.id = id
        self.practice = practice
        self.title = title
        self.population = population
        self.maximumAge = maximumAge
        self.minimumCoverage = minimumCoverage
        self.target = target
        self.populationIsIndependent = populationIsIndependent
        self.rules = rules
        self.nextStep = nextStep
    }
}

/// One reading of a measure: k of N with m unmeasured, and from when and where it is.
package struct MeasureReading: Sendable, Hashable {
    /// The measure that was read.
    package let measure: String
    /// How many there are (N).
    package let population: Int64
    /// How many were found to fulfil the condition (k).
    package let fulfilling: Int64
    /// How many could not be measured (m).
    package let unmeasured: Int64
    /// When the state that was measured held.
    package let effectiveAt: Instant
    /// When it was measured.
    package let collectedAt: Instant
    /// When the reading stops being believed.
    package let expiresAt: Instant
    /// How it was found, in a few words: "probed the store".
    package let source: String

    /// A reading; counts outside 0…N make it nil, because a wrong reading must not look like a good one.
    package init?(
        of measure: Measure, population: Int64, fulfilling: Int64, unmeasured: Int64 = 0, effectiveAt: Instant,
        collectedAt: Instant, source: String
    ) {
        guard population >= 0, fulfilling >= 0, unmeasured >= 0,
            fulfilling <= population, unmeasured <= population - fulfilling
        else { return nil }
        self.measure = measure.id
        self.population = population
        self.fulfilling = fulfilling
        self.unmeasured = unmeasured
        self.effectiveAt = effectiveAt
        self.collectedAt = collectedAt
        self.expiresAt = collectedAt.advanced(by: measure.maximumAge)
        self.source = source
    }
}
