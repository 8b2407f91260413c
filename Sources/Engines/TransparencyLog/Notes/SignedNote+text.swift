// SPDX-License-Identifier: Apache-2.0

extension SignedNote {
    private static let newline = UInt8(ascii: "\n")
    private static let longestNote = longestText + 1 + mostSignatures * (NoteSignature.longestLine + 1)

    /// The note that `bytes` spell.
    /// - Throws: ``NoteError`` for everything that a signed note cannot be, and above the limits.
    public init(bytes: [UInt8]) throws(NoteError) {
        guard bytes.count <= Self.longestNote else { throw .tooLarge }
        try Self.checkCharacters(bytes)
        guard let end = Self.endOfText(bytes), bytes.last == Self.newline else { throw .badLayout }
        let text = Array(bytes[..<end])
        try Self.checkText(text)
        let lines = bytes[(end + 1)...].dropLast()
            .split(separator: Self.newline, maxSplits: Self.mostSignatures, omittingEmptySubsequences: false)
        guard lines.count <= Self.mostSignatures else { throw .tooLarge }
        var signatures: [NoteSignature] = []
        for (number, line) in lines.enumerated() {
            guard let signature = NoteSignature(line: line) else { throw .badSignatureLine(number) }
            signatures.append(signature)
        }
        self.init(text: text, signatures: signatures)
    }

    /// The note as it is stored and sent.
    public var bytes: [UInt8] {
        text + [Self.newline] + signatures.flatMap { $0.line + [Self.newline] }
    }

    /// A text is UTF-8 without control characters, ends in a newline, and has at most 16 KiB.
    static func checkText(_ text: [UInt8]) throws(NoteError) {
        guard text.count <= longestText else { throw .tooLarge }
        try checkCharacters(text)
        guard text.last == newline else { throw .badLayout }
    }

    private static func checkCharacters(_ bytes: [UInt8]) throws(NoteError) {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
        guard !bytes.contains(where: { $0 < 0x20 && $0 != newline }) else { throw .controlCharacter }
    }

    /// Where the last empty line is: the text ends before it, the signatures begin after it.
    private static func endOfText(_ bytes: [UInt8]) -> Int? {
        var position = bytes.count - 2
        while position > 0 {
            if bytes[position] == newline && bytes[position - 1] == newline { return position }
            position -= 1
        }
        return nil
    }
}

extension NoteSignature {
    private static let start = Array("— ".utf8)

    /// - Returns: `nil` unless the line is em dash, space, name, space and base 64 of more than four bytes.
    init?(line: ArraySlice<UInt8>) {
        guard line.count <= Self.longestLine, line.starts(with: Self.start) else { return nil }
        let parts = line.dropFirst(Self.start.count)
            .split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let name = try? KeyName(String(decoding: parts[0], as: UTF8.self)),
            let signature = Base64.decode(parts[1]), signature.count > 4
        else { return nil }
        self.init(
            name: name, keyID: UInt32(truncatingIfNeeded: BigEndian.value(signature.prefix(4))),
            bytes: Array(signature.dropFirst(4)))
    }

    /// The line without its newline.
    var line: [UInt8] {
        let id = BigEndian.bytes(UInt64(keyID)).suffix(4)
        return Self.start + name.bytes + [UInt8(ascii: " ")] + Base64.encode(id + bytes)
    }
}
