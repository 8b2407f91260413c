// SPDX-License-Identifier: Apache-2.0

/// The name of a signing key, compared byte by byte (signed-note, "Format").
public struct KeyName: Hashable, Sendable, CustomStringConvertible {
    let bytes: [UInt8]

    /// - Throws: ``NoteError/badKeyName`` for an empty name or one with Unicode spaces, plus or control characters.
    public init(_ name: String) throws(NoteError) {
        let isAllowed = name.unicodeScalars.allSatisfy {
            !$0.properties.isWhitespace && $0.value >= 0x20 && $0 != "+"
        }
        guard !name.isEmpty, isAllowed else { throw .badKeyName }
        bytes = Array(name.utf8)
    }

    /// The name as text.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
