// SPDX-License-Identifier: Apache-2.0

import Kernel

/// Another program of the clinic that asks Salus who may do what.
struct Application: Sendable, Hashable {
    /// Its id, by which the log names it.
    let id: Identifier<Application>
    /// What the clinic calls it.
    let name: String
    /// Whether it is answered at all.
    let isEnabled: Bool
    /// Whether it asks about the house's people and patients, by the house's rules, instead of things of its own.
    let asksHouse: Bool
    /// Grows with every change of its schema, policies or entities.
    let version: Int64
    /// Grows with every change of anything about it.
    let revision: Int64
    /// When it was added.
    let created: Instant
    /// When it asked last, to the minute; nil before it asked.
    let used: Instant?
    /// Whether it leaves out what the house's rules mask; one that does not is permitted only what is shown whole.
    var honoursMasks = false

    /// Who acts, in a leaf and as a principal.
    var reference: Kernel.EntityReference {
        Kernel.EntityReference(type: "application", id: id.description)
    }
}

/// The name of an application: plain, because commands take it and pages show it.
struct ApplicationName: Sendable, Hashable {
    let text: String

    /// What a name may be.
    static let hint = "1 to 60 letters, digits, spaces, dots, hyphens and underscores, the first one a letter or digit"

    /// A name; nil for a text that is none.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...60).contains(bytes.count), Self.isPlain(bytes[0]), bytes[bytes.count - 1] != UInt8(ascii: " "),
            bytes.allSatisfy({ Self.isPlain($0) || " ._-".utf8.contains($0) })
        else { return nil }
        self.text = text
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
