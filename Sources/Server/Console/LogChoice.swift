// SPDX-License-Identifier: Apache-2.0

import Kernel
import Posture

/// Which entries the page of the log shows, as its address says. Without a word those about people and machines:
/// Salus measures by itself day and night, and that would bury what somebody did.
struct LogChoice {
    /// How the address asks for everything.
    static let everything = "all"

    /// As it stands in the address; empty for what is shown without a word.
    let text: String

    /// The choice that the address makes; what it cannot mean is no choice.
    init(_ text: String?, known titles: [String: String]) {
        let isKnown = text.map { titles[$0] != nil || $0.utf8.elementsEqual(Self.everything.utf8) } ?? false
        self.text = isKnown ? text ?? "" : ""
    }

    /// The only kind of entries that is shown; nil for more than one.
    var kind: String? { text.isEmpty || text.utf8.elementsEqual(Self.everything.utf8) ? nil : text }

    /// The kind of entries that is left out.
    var without: String? { text.isEmpty ? PostureFacts.reading.id : nil }
}
