// SPDX-License-Identifier: Apache-2.0

import Kernel
import Posture
import Web

/// How states, times and figures are said in the console.
enum Words {
    /// The chip of a state.
    static func chip(_ state: PostureState) -> StatusChip.State {
        switch state {
        case .met: .met
        case .partial: .partial
        case .notMet: .notMet
        case .unknown: .unknown
        }
    }

    /// `100 %`.
    static func percent(_ share: Double) -> String {
        "\(Int((share * 100).rounded())) %"
    }

    /// The bar of a line that was measured.
    static func coverage(_ line: Board.Line) -> CoverageBar? {
        guard let reading = line.recorded?.reading, line.state != .unknown else { return nil }
        return CoverageBar(
            met: Int(clamping: reading.fulfilling), of: Int(clamping: reading.population),
            unmeasured: Int(clamping: reading.unmeasured), noun: line.measure.population)
    }

    /// How old a figure is and where it comes from.
    static func source(_ line: Board.Line, _ now: Instant) -> HTML {
        guard let reading = line.recorded?.reading else { return "No reading yet" }
        let nobody = reading.population == 0 ? "nothing to count yet, " : ""
        return "\(nobody)\(age(of: reading, now)), \(reading.source)"
    }

    /// What to do about a line; nil where nothing is wrong, and where nothing is known because there is nothing to
    /// count yet or no reading that is believed.
    static func nextStep(_ line: Board.Line, _ now: Instant) -> String? {
        switch line.state {
        case .met: return nil
        case .partial where isAllDone(line):
            return "All of them are in order, but nothing else confirms that these are all there are."
        case .partial, .notMet: return line.measure.nextStep
        case .unknown:
            guard let reading = line.recorded?.reading, reading.population > 0, now < reading.expiresAt else {
                return nil
            }
            return line.measure.nextStep
        }
    }

    /// What a step is called: what there is to do, or why there is nothing.
    static func stepTitle(_ line: Board.Line) -> String {
        isAllDone(line) ? "Why" : "Next"
    }

    /// Whether everything is in order, and only a second source is missing for it to be met.
    static func isAllDone(_ line: Board.Line) -> Bool {
        line.state == .partial && line.recorded.map { $0.reading.fulfilling == $0.reading.population } ?? false
    }

    /// Up to the first full stop that ends a sentence.
    static func firstSentence(_ text: String) -> String {
        guard let end = text.firstRange(of: ". ") else { return text }
        return String(text[..<end.lowerBound]) + "."
    }

    /// When something was checked that is true or not, and how; with the count where there is one.
    static func check(_ line: Board.Line, _ now: Instant) -> HTML {
        guard let reading = line.recorded?.reading else { return "Not checked yet" }
        let count = reading.population > 1 ? "\(grouped(reading.population)) \(line.measure.population), " : ""
        return "\(count)checked \(age(of: reading, now)): \(reading.source)"
    }

    /// k of N, its age and its source in one line.
    static func figures(_ line: Board.Line, _ now: Instant) -> HTML {
        guard let reading = line.recorded?.reading else { return "No reading yet" }
        return """
            \(grouped(reading.fulfilling)) of \(grouped(reading.population)) \(line.measure.population)\
            \(unmeasured(reading)), \(age(of: reading, now)), \(reading.source)
            """
    }

    private static func unmeasured(_ reading: MeasureReading) -> String {
        reading.unmeasured > 0 ? " (\(grouped(reading.unmeasured)) not measured)" : ""
    }

    private static func age(of reading: MeasureReading, _ now: Instant) -> String {
        let age = now.since(reading.collectedAt)
        let expired = now >= reading.expiresAt ? "expired, " : ""
        return age < .minutes(1) ? "\(expired)just now" : "\(expired)\(age.roughly) ago"
    }
}
