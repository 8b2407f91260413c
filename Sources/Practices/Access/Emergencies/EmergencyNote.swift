// SPDX-License-Identifier: Apache-2.0

import Kernel
import Keyring

/// What somebody writes about an emergency. It speaks of a patient, so it is sealed and stands in no log and no error.
struct EmergencyNote: Sendable, CustomStringConvertible {
    /// How many characters the reason for opening has, and what is said of a follow-up that is closed.
    static let length = 10...500
    /// The words, without spaces around them.
    let text: String

    /// The words that were typed; nil when they are fewer or more than `length` says.
    init?(_ typed: String, length: ClosedRange<Int> = Self.length) {
        let text = Self.trimmed(typed)
        // A character can be of any length, a row of the store cannot.
        guard length.contains(text.count), text.utf8.count <= 4_000 else { return nil }
        self.text = text
    }

    /// Nothing, so that no message shows the words.
    var description: String { "EmergencyNote" }

    private static func trimmed(_ text: String) -> String {
        var rest = text[...]
        while rest.first?.isWhitespace ?? false { rest.removeFirst() }
        while rest.last?.isWhitespace ?? false { rest.removeLast() }
        return String(rest)
    }

    /// What the words are for.
    enum Purpose: String {
        /// Why the chart was opened.
        case opening = "emergency-words"
        /// What the reviewer has to say.
        case review = "emergency-review-words"
        /// What came out of the follow-up.
        case closing = "emergency-closing-words"
    }

    /// The words, sealed as those of this emergency.
    func seal(_ key: OpenKey, as purpose: Purpose, of id: Identifier<Emergency>) throws -> [UInt8] {
        try key.seal(Array(text.utf8), SealingContext(kind: purpose.rawValue, id: id.bytes))
    }

    /// Opens what `seal` made.
    ///
    /// - Throws: `Fault.damaged` when it was changed or belongs to another emergency.
    static func open(
        _ sealed: [UInt8], _ key: OpenKey, as purpose: Purpose, of id: Identifier<Emergency>
    ) throws -> String {
        String(decoding: try key.open(sealed, SealingContext(kind: purpose.rawValue, id: id.bytes)), as: UTF8.self)
    }
}
