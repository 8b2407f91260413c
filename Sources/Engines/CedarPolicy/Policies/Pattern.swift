// SPDX-License-Identifier: Apache-2.0

/// What `like` compares with: text in which each `*` stands for any characters (Cedar language reference, "like").
public struct Pattern: Hashable, Sendable {
    /// The texts between the wildcards, so one more than there are wildcards.
    public let parts: [Text]

    /// Texts with a wildcard between each two of them.
    init(parts: [Text]) {
        self.parts = parts.isEmpty ? [""] : parts
    }

    /// Whether the text as a whole fits.
    ///
    /// Bytes are compared. The result is that of comparing scalars, because in UTF-8 the bytes of one text stand in
    /// another only where characters begin.
    public func matches(_ text: Text) -> Bool {
        guard let first = parts.first, let last = parts.last, text.utf8.starts(with: first.utf8) else { return false }
        guard parts.count > 1 else { return text.utf8.count == first.utf8.count }
        var rest = text.utf8[first.utf8.count...]
        for part in parts.dropFirst().dropLast() {
            guard let end = Self.endOfFirst(part.utf8, in: rest) else { return false }
            rest = rest[end...]
        }
        return rest.count >= last.utf8.count && rest.suffix(last.utf8.count).elementsEqual(last.utf8)
    }

    private static func endOfFirst(_ wanted: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
        guard let first = wanted.first else { return text.startIndex }
        guard text.count >= wanted.count else { return nil }
        for start in text.startIndex...text.endIndex - wanted.count where text[start] == first {
            if text[start..<start + wanted.count].elementsEqual(wanted) { return start + wanted.count }
        }
        return nil
    }
}
