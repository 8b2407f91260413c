// SPDX-License-Identifier: Apache-2.0

/// A sign-in name: 2 to 64 of `a`–`z`, `0`–`9`, `.`, `_`, `@`, `-`.
struct Login: Sendable {
    let text: String

    /// The name as somebody typed it, in either case and with blanks around it; nil for anything else.
    init?(_ typed: String) {
        guard typed.utf8.count <= 128 else { return nil }
        let bytes = typed.trimmingBlanks.lowercased().utf8
        guard (2...64).contains(bytes.count), bytes.allSatisfy(Self.isAllowed) else { return nil }
        text = String(decoding: Array(bytes), as: UTF8.self)
    }

    /// What a form says when it is none.
    static let hint = "2 to 64 letters a–z, digits, and . _ @ -"

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// The name that colleagues know: something visible, at most 200 bytes, without control characters.
struct PersonName: Sendable {
    let text: String

    /// The name as somebody typed it; nil for anything else.
    init?(_ typed: String) {
        guard typed.utf8.count <= 400 else { return nil }
        let text = typed.trimmingBlanks
        let isPlain = text.unicodeScalars.allSatisfy {
            let category = $0.properties.generalCategory
            return category != .control && category != .format && category != .lineSeparator
                && category != .paragraphSeparator
        }
        guard !text.isEmpty, text.utf8.count <= 200, isPlain else { return nil }
        self.text = text
    }
}

extension String {
    /// The text without blanks at its ends.
    fileprivate var trimmingBlanks: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
