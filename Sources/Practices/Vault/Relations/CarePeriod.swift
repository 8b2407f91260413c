// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Web

/// From when until when something holds, as a FHIR Period says it.
struct CarePeriod: Sendable, Hashable {
    /// When it begins; nil where nothing says so.
    var from: Instant?
    /// When it has ended; nil while nobody knows.
    var until: Instant?

    /// Without a beginning and without an end.
    static let always = CarePeriod(from: nil, until: nil)

    /// The period of an element, with partial dates on the calendar of `time`: it begins with the first moment of its
    /// start and ends with the last one of its end. What stands nowhere has no bound; nil for bounds that cannot be read.
    init?(_ element: JSONNode?, in time: LocalTime) {
        self = .always
        if let start = element?["start"] {
            guard let range = Self.range(start, in: time) else { return nil }
            from = range.first
        }
        if let end = element?["end"] {
            guard let range = Self.range(end, in: time) else { return nil }
            until = range.last
        }
    }

    init(from: Instant?, until: Instant?) {
        (self.from, self.until) = (from, until)
    }

    /// Whether it holds at a moment.
    func contains(_ instant: Instant) -> Bool {
        from.map { $0 <= instant } ?? true && until.map { instant < $0 } ?? true
    }

    /// What this period has in common with another.
    func within(_ other: CarePeriod) -> CarePeriod {
        let (starts, ends) = ([from, other.from].compactMap { $0 }, [until, other.until].compactMap { $0 })
        return CarePeriod(from: starts.max(), until: ends.min())
    }

    /// The moments that a date or time can mean: a time is one moment, a date is a day, a month or a year.
    private static func range(_ node: JSONNode, in time: LocalTime) -> (first: Instant, last: Instant)? {
        guard let text = node.string else { return nil }
        if let exact = try? RFC3339.parse(text) {
            return (Instant(microseconds: exact), Instant(microseconds: exact))
        }
        // A time that is no RFC 3339, for instance one with a leap second, still has its day.
        guard let date = PartialDate(String(text.prefix(10))) else { return nil }
        return (time.beginning(ofDay: date.firstDay), time.beginning(ofDay: date.lastDay + 1))
    }
}
