// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// How measures stood at the end of each of some days: a pure function of readings and the time.
package struct PostureTrend: Sendable {
    /// A measure at the end of a day.
    package struct Point: Sendable {
        /// What was known then.
        package let state: PostureState
        /// The newest reading of that time, believed or not.
        package let reading: MeasureReading?

        /// The share that fulfilled the condition, 0…1; nil where nothing was known.
        package var share: Double? {
            guard state != .unknown, let reading, reading.population > 0 else { return nil }
            return Double(reading.fulfilling) / Double(reading.population)
        }
    }

    /// The moments at which the days end, oldest first; the last one is now.
    package let ends: [Instant]
    private let points: [String: [Point]]
    private let measures: [PracticeName: [String]]

    /// How the measures of `histories` stood at `ends`, which go up.
    ///
    /// - Parameter histories: of each measure its readings, oldest first.
    package init(_ histories: [(measure: Measure, readings: [RecordedReading])], at ends: [Instant]) {
        self.ends = ends
        var points: [String: [Point]] = [:]
        var measures: [PracticeName: [String]] = [:]
        for (measure, readings) in histories {
            points[measure.id] = Self.points(of: measure, readings, at: ends)
            if let practice = measure.practice { measures[practice, default: []].append(measure.id) }
        }
        (self.points, self.measures) = (points, measures)
    }

    /// A day is what its last reading showed when it was taken: most readings are believed for an hour, and a day whose
    /// last hour had none would look as if nobody had measured. Today, and a day without any, is what was still believed
    /// at its end.
    private static func points(of measure: Measure, _ readings: [RecordedReading], at ends: [Instant]) -> [Point] {
        var next = 0
        return ends.enumerated().map { day, end in
            // What was found again and again is one row, from when it was told to when it was last found.
            while next < readings.count, readings[next].logged <= end { next += 1 }
            guard next > 0 else { return Point(state: .unknown, reading: nil) }
            let reading = readings[next - 1].reading
            let start = day > 0 ? ends[day - 1] : end.advanced(by: .days(-1))
            let isOfTheDay = reading.collectedAt > start && day < ends.count - 1
            return Point(state: .of(measure, reading, now: isOfTheDay ? reading.collectedAt : end), reading: reading)
        }
    }

    /// A measure day by day; nothing for one that is not part of this.
    package func points(of measure: String) -> [Point] { points[measure] ?? [] }

    /// A practice day by day; not measured where nothing measures it.
    package func states(of practice: PracticeName) -> [PostureState] {
        let own = (measures[practice] ?? []).compactMap { points[$0] }
        return ends.indices.map { day in .combining(own.map { $0[day].state }) }
    }

    /// How many of the ten practices were in each state, day by day.
    package var counts: [[PostureState: Int]] {
        let states = PracticeName.allCases.map { self.states(of: $0) }
        return ends.indices.map { day in
            states.reduce(into: [:]) { counts, practice in counts[practice[day], default: 0] += 1 }
        }
    }

    /// Whether anything was known on any of the days.
    package var isEmpty: Bool { points.values.allSatisfy { $0.allSatisfy { $0.reading == nil } } }
}

/// Days of one length, one after the other.
package struct DaySpan: Sendable, Equatable {
    /// Where the first one begins, which is not part of it, and where the last one ends, which is.
    package let start, end: Instant
    /// How long each of them is.
    package let length: Duration

    /// The spans of days that end at `ends`, and before them one of `lead`. Most days have the same length; those on
    /// which clocks are set, and today, are spans of their own.
    package static func days(endingAt ends: [Instant], lead: Duration) -> [DaySpan] {
        guard let first = ends.first, lead > .zero else { return [] }
        var spans = [DaySpan(start: first.advanced(by: .zero - lead), end: first, length: lead)]
        for (start, end) in zip(ends, ends.dropFirst()) where end > start {
            let length = end.since(start)
            if let last = spans.last, spans.count > 1, last.length == length {
                spans[spans.count - 1] = DaySpan(start: last.start, end: end, length: length)
            } else {
                spans.append(DaySpan(start: start, end: end, length: length))
            }
        }
        return spans
    }
}

extension PostureBook {
    /// How everything stood at `ends`, oldest first.
    package func trend(of measures: [Measure], at ends: [Instant]) async throws -> PostureTrend {
        // What was believed on the first day may have been read before it.
        let lead = measures.map(\.maximumAge).max() ?? .days(1)
        let histories = try await last(of: measures, in: DaySpan.days(endingAt: ends, lead: lead))
        return PostureTrend(zip(measures, histories).map { (measure: $0, readings: $1) }, at: ends)
    }
}
