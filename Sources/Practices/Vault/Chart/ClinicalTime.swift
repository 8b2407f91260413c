// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Web

/// A time as a FHIR resource writes it: shown as it is written, sorted by when it was.
struct ClinicalTime: Sendable {
    /// As it is written.
    let text: String
    /// Microseconds since 1970, as exactly as the text says; the beginning of time for what cannot be read.
    let order: Int64

    /// The time of an element; nil when it is missing.
    init?(_ node: JSONNode?) {
        guard let text = node?.string else { return nil }
        self.init(text)
    }

    init(_ text: String) {
        self.text = text
        if let exact = try? RFC3339.parse(text) {
            order = exact
        } else {
            order = PartialDate(text).map { Int64($0.firstDay) * 86_400_000_000 } ?? .min
        }
    }

    /// The first of these elements that a resource has; of a Period its start.
    static func first(of resource: JSONNode, _ names: String...) -> ClinicalTime? {
        for name in names {
            guard let node = resource[name] else { continue }
            if let time = ClinicalTime(node.kind == .object ? node["start"] ?? node["end"] : node) { return time }
        }
        return nil
    }

    /// The day: `2021-04-03`.
    ///
    /// A date, and a time with the offset of the place where it was written, keep their day. A time in UTC is of no
    /// place, so it is put on the institution's calendar; midnight in UTC is a date to which a program has added zeros.
    func day(in time: LocalTime) -> String {
        let isUTC = ["Z", "+00:00", "-00:00"].contains { text.utf8.reversed().starts(with: $0.utf8.reversed()) }
        guard text.utf8.count > 10, order != .min, isUTC, !order.isMultiple(of: 86_400_000_000) else {
            return String(text.prefix(10))
        }
        return time.day(Instant(microseconds: order))
    }
}
