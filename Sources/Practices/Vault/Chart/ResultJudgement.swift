// SPDX-License-Identifier: Apache-2.0

import Codecs
import FHIRBundle

/// What whoever made a result says about it: high or low, and what is usual. Nothing is judged here that the record does
/// not say itself: a usual range depends on age, sex and method, which only the laboratory knows.
struct ResultJudgement: Sendable, Hashable {
    /// `High`, `Critically low`; nil for what is usual, or where nothing is said.
    let flag: String?
    /// Whether it wants somebody's attention at once.
    let isCritical: Bool
    /// What is usual, as it is written: `4.0 to 5.6 %`.
    let range: String

    /// How many ranges of one result are shown: some list one for each age.
    private static let ranges = 3

    /// HL7 v3 ObservationInterpretation, as R4 binds it.
    private static let flags: [(code: String, words: String, isCritical: Bool)] = [
        ("H", "High", false), ("HU", "Very high", false), ("HH", "Critically high", true), ("L", "Low", false),
        ("LU", "Very low", false), ("LL", "Critically low", true), ("A", "Abnormal", false),
        ("AA", "Critically abnormal", true), ("POS", "Positive", false), ("DET", "Detected", false),
        ("R", "Resistant", false), ("I", "Intermediate", false),
    ]

    /// What an Observation, or one of its components, says of its value.
    init(_ element: JSONNode) {
        let codes = element["interpretation"]?.elements.flatMap { CodeableConcept($0).codings.compactMap(\.code) } ?? []
        let known = codes.compactMap { code in Self.flags.first { Array($0.code.utf8) == Array(code.utf8) } }
        let worst = known.first(where: \.isCritical) ?? known.first
        flag = worst?.words
        isCritical = worst?.isCritical ?? false
        let written = element["referenceRange"]?.elements.prefix(Self.ranges).compactMap(Self.words) ?? []
        range = written.joined(separator: "; ")
    }

    private static func words(_ range: JSONNode) -> String? {
        if let text = range["text"]?.string { return text }
        let (low, high) = (range["low"]?["value"]?.numberText, range["high"]?["value"]?.numberText)
        let unit = (range["low"] ?? range["high"]).flatMap { ($0["unit"] ?? $0["code"])?.string } ?? ""
        switch (low, high) {
        case (let low?, let high?): return "\(low) to \(high) \(unit)"
        case (let low?, nil): return "from \(low) \(unit)"
        case (nil, let high?): return "up to \(high) \(unit)"
        case (nil, nil): return nil
        }
    }
}
