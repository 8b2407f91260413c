// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// What an emergency would show of a chart that is open already, as the rules say.
///
/// It goes by the rules alone and not by what the chart holds: an offer that is there only where there are such records
/// would tell of them.
struct SightInEmergency: Sendable, Hashable {
    /// Whose chart it is.
    let patient: Identifier<Patient>
    /// The protected classes that it would open.
    let classes: Set<ProtectedClass>
    /// Whether less would be left out of the records.
    let masksLess: Bool

    /// Nil when an emergency would show nothing more.
    init?(of patient: Identifier<Patient>, classes: Set<ProtectedClass>, masksLess: Bool) {
        guard masksLess || !classes.isEmpty else { return nil }
        (self.patient, self.classes, self.masksLess) = (patient, classes, masksLess)
    }

    /// Where a chart is opened in an emergency: a page of the practice that decides who may.
    var path: String { Self.path(of: patient) }

    /// The same address says, while it is open, until when, and closes it before.
    static func path(of patient: Identifier<Patient>) -> String { "/access/emergency/\(patient)" }

    /// What the link there says.
    static let title = "Open in an emergency"

    /// What is hidden, in words for the reader.
    var words: String {
        var parts: [String] = []
        if !classes.isEmpty { parts.append("records of \(ProtectedClass.list(classes)) treatment, if there are any") }
        if masksLess { parts.append("some of what the records say") }
        return parts.joined(separator: ", and ")
    }
}

/// Offers the emergency where a chart is open in part. One line: it stands on every page of such a chart.
struct EmergencyOffer: Component {
    private let sight: SightInEmergency

    init(_ sight: SightInEmergency) {
        self.sight = sight
    }

    var html: HTML {
        """
        <p class="note">Some of this record is hidden from you: \(sight.words). In an emergency you can open it. \
        \(Link(SightInEmergency.title, to: sight.path))</p>
        """
    }
}
