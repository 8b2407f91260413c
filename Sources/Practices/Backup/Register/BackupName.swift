// SPDX-License-Identifier: Apache-2.0

/// What the clinic calls a repository or a job: words for commands and pages, without anything that a shell would read.
struct BackupName: Sendable, Equatable {
    let text: String

    /// What names may be, for messages.
    static let hint = "1 to 60 letters, digits, spaces, dots, hyphens and underscores, the first one a letter or digit"

    /// Nil for a text that is no name.
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

    static func == (one: Self, other: Self) -> Bool {
        one.text.utf8.elementsEqual(other.text.utf8)
    }
}
