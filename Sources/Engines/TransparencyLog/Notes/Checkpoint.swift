// SPDX-License-Identifier: Apache-2.0

/// What a log says of itself: its name, how many leaves it has, and their root (C2SP tlog-checkpoint).
public struct Checkpoint: Hashable, Sendable {
    /// The log's name, one line.
    public let origin: String
    /// Number of leaves.
    public let size: UInt64
    /// Root hash at that size.
    public let root: MerkleHash
    /// Lines after the first three; auditors do not see them, so leave them empty.
    public let extensions: [String]

    /// - Throws: ``NoteError`` when origin or extensions are no single, non-empty lines, or too long;
    ///   ``NoteError/badCheckpoint`` for an empty log whose root is not the empty root.
    public init(origin: String, size: UInt64, root: MerkleHash, extensions: [String] = []) throws(NoteError) {
        for line in [origin] + extensions where line.isEmpty || line.utf8.contains(UInt8(ascii: "\n")) {
            throw .badCheckpoint
        }
        if size == 0 && root != .emptyRoot { throw .badCheckpoint }
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
        try SignedNote.checkText(text)
    }

    /// The checkpoint that the text of a note spells.
    /// - Throws: ``NoteError``, mostly ``NoteError/badCheckpoint``.
    public init(text: [UInt8]) throws(NoteError) {
        try SignedNote.checkText(text)
        let lines = text.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count >= 3, let size = Decimal.parse(lines[1]), let root = MerkleHash(base64: lines[2])
        else { throw .badCheckpoint }
        let names = lines.map { String(decoding: $0, as: UTF8.self) }
        try self.init(origin: names[0], size: size, root: root, extensions: Array(names.dropFirst(3)))
    }

    /// The text that is signed.
    public var text: [UInt8] {
        let lines = [origin, String(size), root.base64] + extensions
        return lines.flatMap { Array($0.utf8) + [UInt8(ascii: "\n")] }
    }

    /// Whether two checkpoints are the same text, byte for byte.
    public static func == (left: Checkpoint, right: Checkpoint) -> Bool { left.text == right.text }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// A checkpoint that its log has signed, and who else has.
public struct VerifiedCheckpoint: Hashable, Sendable {
    /// What was signed.
    public let checkpoint: Checkpoint
    /// One for each known key: the log's, and those of witnesses. A policy may count them.
    public let signatures: [VerifiedSignature]

    /// Verifies the note and reads the checkpoint in it.
    ///
    /// At least one of the known signatures must be the log's: of type 0x01, by a key named like the origin.
    /// - Throws: ``NoteError`` saying why the note is not believed.
    public init(_ note: SignedNote, verifiers: [VerifierKey]) throws(NoteError) {
        signatures = try note.verify(verifiers)
        checkpoint = try Checkpoint(text: note.text)
        let origin = Array(checkpoint.origin.utf8)
        guard signatures.contains(where: { $0.key.algorithm == .ed25519 && $0.key.name.bytes == origin })
        else { throw .notSignedByLog }
    }
}
