// SPDX-License-Identifier: Apache-2.0

import Codecs

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

    /// The day as it is written where the resource was made: `2021-04-03`.
    var day: String {
        String(text.prefix(10))
    }
}
