// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A password as it was typed, in the form in which it is compared: Unicode NFKC (NIST SP 800-63B-4, section 3.1.1),
/// so that the same keys on another keyboard or system give the same bytes. It cannot be printed.
struct PasswordText: Sendable, CustomStringConvertible, CustomReflectable {
    /// The UTF-8 bytes.
    let bytes: [UInt8]
    /// How many Unicode code points.
    let length: Int

    /// The longest password, in bytes.
    static let byteLimit = 256

    /// The password `typed`; nil when it is longer than any that can be set.
    init?(_ typed: String) {
        guard typed.utf8.count <= 4 * Self.byteLimit else { return nil }
        let normal = typed.precomposedStringWithCompatibilityMapping
        guard normal.utf8.count <= Self.byteLimit else { return nil }
        bytes = Array(normal.utf8)
        length = normal.unicodeScalars.count
    }

    private init() {
        (bytes, length) = ([], 0)
    }

    /// No password at all.
    static let empty = PasswordText()

    /// The text for the rules, in lower case.
    var lowercased: String {
        String(decoding: bytes, as: UTF8.self).lowercased()
    }

    var description: String { "PasswordText(redacted)" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
