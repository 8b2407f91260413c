// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// How a measure, or a practice, stood on each of the last days: for trends.
///
/// A day is what its last reading showed when it was taken: most readings are believed for an hour, and a day without
/// one in its last hour would look as if nobody had measured. A day without any reading is not measured.
package enum DayStates {
    /// The states of `measure` on the `count` days of 24 hours that end at `now`, the oldest first.
    ///
    /// - Parameter readings: those of that time, oldest first, as `PostureBook.history` gives them.
    package static func of(
        _ measure: Measure, _ readings: [RecordedReading], count: Int, now: Instant
    ) -> [PostureState] {
        (0..<count).map { place in
            let end = now.advanced(by: .days(Int64(place) - Int64(count) + 1))
            let start = end.advanced(by: .days(-1))
            // What was found again and again is one row, from when it was told to when it was last found.
            let last = readings.last { $0.logged <= end && $0.reading.collectedAt > start }
            guard let last else { return .unknown }
            return .of(measure, last.reading, now: last.reading.collectedAt)
        }
    }

    /// The states of a practice on those days, from the days of its measures.
    package static func combining(_ measures: [[PostureState]], count: Int) -> [PostureState] {
        (0..<count).map { day in .combining(measures.compactMap { $0.indices.contains(day) ? $0[day] : nil }) }
    }
}
