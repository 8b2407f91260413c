// SPDX-License-Identifier: Apache-2.0

package import Building
package import Kernel

/// The posture of the house at one moment: a pure function of measures, readings and the time.
package struct Board: Sendable {
    /// A measure with its newest reading and what follows from them.
    package struct Line: Sendable {
        /// What is measured.
        package let measure: Measure
        /// The newest reading, believed or not.
        package let recorded: RecordedReading?
        /// What is known.
        package let state: PostureState
    }

    /// The row of one practice.
    package struct Row: Sendable {
        /// The practice.
        package let practice: PracticeName
        /// Its measures.
        package let lines: [Line]
        /// What is known of it as a whole.
        package let state: PostureState
    }

    /// The ten practices in their order.
    package let rows: [Row]
    /// What tells whether this page can be trusted at all.
    package let platform: [Line]
    /// The moment that the board shows.
    package let at: Instant

    /// The board at `now`.
    package init(probes: [Probe], newest: [String: RecordedReading], now: Instant) {
        at = now
        let lines = probes.map { probe in
            Line(
                measure: probe.measure, recorded: newest[probe.measure.id],
                state: .of(probe.measure, newest[probe.measure.id]?.reading, now: now))
        }
        platform = lines.filter { $0.measure.practice == nil }
        rows = PracticeName.allCases.map { practice in
            let own = lines.filter { $0.measure.practice == practice }
            return Row(practice: practice, lines: own, state: .combining(own.map(\.state)))
        }
    }

    /// How many practices are in `state`.
    package func count(_ state: PostureState) -> Int {
        rows.filter { $0.state == state }.count
    }

    /// One sentence that says how things stand, worst first.
    package var sentence: String {
        let (notMet, unknown, partial, met) = (count(.notMet), count(.unknown), count(.partial), count(.met))
        if unknown == rows.count { return "None of the ten practices is measured yet." }
        if met == rows.count { return "All ten practices are met." }
        var parts: [String] = []
        if notMet > 0 { parts.append("\(Self.word(notMet)) not met") }
        if partial > 0 { parts.append("\(Self.word(partial)) partly met") }
        if met > 0 { parts.append("\(Self.word(met)) met") }
        if unknown > 0 { parts.append("\(Self.word(unknown)) not measured") }
        return "Of the ten practices \(Self.list(parts))."
    }

    /// `a, b and c`.
    private static func list(_ parts: [String]) -> String {
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
        return parts.dropLast().joined(separator: ", ") + " and " + last
    }

    private static func word(_ count: Int) -> String {
        let words = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
        return "\(words.indices.contains(count) ? words[count] : "\(count)") \(count == 1 ? "is" : "are")"
    }

    /// The worst state on the board, for the sign beside the sentence.
    package var overall: PostureState {
        .combining(rows.map(\.state))
    }
}
