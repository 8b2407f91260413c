// SPDX-License-Identifier: Apache-2.0

import Codecs
import Foundation
package import Kernel

/// The clock on the institution's wall: says moments in its time zone.
///
/// For pages only. What is stored, hashed and sent to other programs stays in UTC.
package struct LocalTime: Sendable {
    private let zone: TimeZone

    /// The time of the zone with this name in the IANA database, `Europe/Berlin`; nil when there is none.
    package init?(named name: String) {
        guard let zone = TimeZone(identifier: name) else { return nil }
        self.zone = zone
    }

    private init(_ zone: TimeZone) {
        self.zone = zone
    }

    /// The time of the zone that the machine is set to.
    package static var machine: LocalTime { LocalTime(.current) }
    /// Universal time.
    package static let utc = LocalTime(.gmt)

    /// The name of the zone: `Europe/Berlin`.
    package var name: String { zone.identifier }

    /// To the minute, as people read it: `2026-11-23 15:05 UTC+1`. Which hour it was stays clear also in the night
    /// in which the clocks are set back.
    package func text(_ instant: Instant) -> String {
        let local = shifted(instant).rfc3339
        return "\(local.prefix(10)) \(local.dropFirst(11).prefix(5)) \(offset(at: instant))"
    }

    /// The hour and minute on the institution's clock, for moments of the next hours: `15:05`.
    package func clock(_ instant: Instant) -> String {
        String(shifted(instant).rfc3339.dropFirst(11).prefix(5))
    }

    /// The day on the institution's calendar: `2026-11-23`.
    package func day(_ instant: Instant) -> String {
        shifted(instant).day
    }

    /// The day on the institution's calendar, counted from 1970-01-01.
    package func dayNumber(_ instant: Instant) -> Int {
        let local = instant.seconds + Int64(seconds(at: instant))
        return Int(local >= 0 ? local / 86_400 : (local - 86_399) / 86_400)
    }

    /// The first moment of a day on the institution's calendar, counted from 1970-01-01; where the clocks skip midnight,
    /// the moment at which they do.
    package func beginning(ofDay day: Int) -> Instant {
        let midnight = Instant(microseconds: Int64(day) * 86_400_000_000)
        // The zone before and after: a change of the clocks on that very day gives two offsets.
        let moments = [-1, 1].map { side in
            midnight.advanced(by: .seconds(-seconds(at: midnight.advanced(by: .days(side)))))
        }
        return moments.first { $0.advanced(by: .seconds(seconds(at: $0))) == midnight } ?? moments[0]
    }

    /// The moment at which the clock shows `2026-11-23 15:05`; nil for another text, and for a minute that is left out
    /// when clocks are set forward. Of the hour that comes twice when they are set back, the first one.
    package func instant(_ text: String) -> Instant? {
        let parts = text.split(separator: " ")
        guard parts.count == 2, let shown = try? RFC3339.parse("\(parts[0])T\(parts[1]):00Z") else { return nil }
        let naive = Instant(microseconds: shown)
        let offsets = [-1, 1].map { seconds(at: naive.advanced(by: .days($0))) }
        return offsets.map { naive.advanced(by: .seconds(-$0)) }
            .filter { shifted($0) == naive }.min()
    }

    /// How far the zone is from universal time at `instant`: `UTC`, `UTC+1`, `UTC-3:30`.
    package func offset(at instant: Instant) -> String {
        let minutes = seconds(at: instant) / 60
        if minutes == 0 { return "UTC" }
        let (hours, rest) = abs(minutes).quotientAndRemainder(dividingBy: 60)
        let fraction = rest == 0 ? "" : ":\(rest < 10 ? "0" : "")\(rest)"
        return "UTC\(minutes < 0 ? "-" : "+")\(hours)\(fraction)"
    }

    /// At the ends of the calendar, where a shift would leave its four digits, the moment itself.
    private func shifted(_ instant: Instant) -> Instant {
        let shifted = instant.advanced(by: .seconds(seconds(at: instant)))
        return shifted.rfc3339.utf8.count == instant.rfc3339.utf8.count ? shifted : instant
    }

    private func seconds(at instant: Instant) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant.seconds)))
    }
}

extension TimeText {
    /// A moment to the minute on the institution's clock, with the exact one in UTC behind it.
    package init(_ instant: Instant, in time: LocalTime) {
        self.init(time.text(instant), exact: instant.rfc3339)
    }
}
