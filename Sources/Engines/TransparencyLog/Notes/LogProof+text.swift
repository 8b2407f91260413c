// SPDX-License-Identifier: Apache-2.0

extension LogProof {
    private static let header = Array("c2sp.org/tlog-proof@v1\n".utf8)
    private static let extraWord = Array("extra ".utf8)
    private static let indexWord = Array("index ".utf8)
    private static let newline = UInt8(ascii: "\n")

    /// The proof that `bytes` spell.
    /// - Throws: ``LogProofError`` for everything else.
    public init(bytes: [UInt8]) throws(LogProofError) {
        // The note and the hashes have limits of their own; this one spares reading on.
        guard bytes.count <= 512 * 1024 else { throw .tooLarge }
        guard bytes.starts(with: Self.header) else { throw .unknownFormat }
        var rest = bytes[Self.header.count...]
        let extra = try Self.takeExtra(from: &rest)
        guard rest.starts(with: Self.indexWord), let line = Self.takeLine(from: &rest),
            let index = Decimal.parse(line.dropFirst(Self.indexWord.count))
        else { throw .badIndex }
        let hashes = try Self.takeHashes(from: &rest)
        let note: SignedNote
        do { note = try SignedNote(bytes: Array(rest)) } catch { throw .checkpoint(error) }
        try self.init(extra: extra, index: index, hashes: hashes, note: note)
    }

    /// The text of a `.tlog-proof` file.
    public var bytes: [UInt8] {
        var text = Self.header
        if !extra.isEmpty { text += Self.extraWord + Base64.encode(extra) + [Self.newline] }
        text += Array("index \(index)\n".utf8)
        for hash in hashes { text += Base64.encode(hash.bytes) + [Self.newline] }
        return text + [Self.newline] + note.bytes
    }

    private static func takeLine(from rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let end = rest.firstIndex(of: newline) else { return nil }
        defer { rest = rest[(end + 1)...] }
        return rest[..<end]
    }

    /// Data that is absent has no line; a line without data is an error.
    private static func takeExtra(from rest: inout ArraySlice<UInt8>) throws(LogProofError) -> [UInt8] {
        guard rest.starts(with: extraWord) else { return [] }
        guard let line = takeLine(from: &rest), let extra = Base64.decode(line.dropFirst(extraWord.count)),
            !extra.isEmpty
        else { throw .badExtra }
        return extra
    }

    private static func takeHashes(from rest: inout ArraySlice<UInt8>) throws(LogProofError) -> [MerkleHash] {
        var hashes: [MerkleHash] = []
        while let line = takeLine(from: &rest) {
            if line.isEmpty { return hashes }
            guard let hash = MerkleHash(base64: line) else { throw .badHash }
            guard hashes.count < mostHashes else { throw .tooLarge }
            hashes.append(hash)
        }
        throw .badHash
    }
}
