// SPDX-License-Identifier: Apache-2.0

/// A text and the signatures below it (C2SP signed-note).
///
/// Nothing in it is to be believed before ``verify(_:)`` has returned.
public struct SignedNote: Hashable, Sendable {
    /// Longest text, in bytes.
    public static let longestText = 16 * 1024
    /// Most signatures.
    public static let mostSignatures = 32

    /// The text in UTF-8, its last newline included.
    public let text: [UInt8]
    /// The signatures in their order.
    public private(set) var signatures: [NoteSignature]

    /// A note of `text` signed by each of `signers`.
    /// - Throws: ``NoteError`` when the text cannot be a note's or signers are none or too many; what a signer throws.
    public init(text: [UInt8], signers: [any NoteSigner]) throws {
        try Self.checkText(text)
        guard !signers.isEmpty else { throw NoteError.badLayout }
        self.init(text: text, signatures: [])
        for signer in signers { try sign(by: signer) }
    }

    /// INVARIANT: text and signatures obey the limits and the format.
    init(text: [UInt8], signatures: [NoteSignature]) {
        self.text = text
        self.signatures = signatures
    }

    /// Adds one signature, for example a witness's, after the others.
    /// - Throws: ``NoteError/tooLarge`` above 32 signatures or when the signature is over-long; what the signer throws.
    public mutating func sign(by signer: some NoteSigner) throws {
        let bytes = try signer.signature(over: text)
        let signature = NoteSignature(name: signer.verifier.name, keyID: signer.verifier.id, bytes: bytes)
        guard signatures.count < Self.mostSignatures, signature.line.count <= NoteSignature.longestLine
        else { throw NoteError.tooLarge }
        signatures.append(signature)
    }

    /// Checks the signatures of known keys; those of unknown keys are ignored.
    /// - Returns: one signature for each known key that signed, in the note's order.
    /// - Throws: ``NoteError/badSignature(by:)`` when any signature of a known key is wrong,
    ///   ``NoteError/noKnownSignature`` when there is none.
    public func verify(_ keys: [VerifierKey]) throws(NoteError) -> [VerifiedSignature] {
        var verified: [VerifiedSignature] = []
        for signature in signatures {
            let known = keys.filter { $0.name == signature.name && $0.id == signature.keyID }
            guard !known.isEmpty else { continue }
            // Two known keys may collide in name and ID; a signature of either is a good one.
            guard let good = known.lazy.compactMap({ $0.verify(signature.bytes, over: text) }).first
            else { throw .badSignature(by: signature.name) }
            if !verified.contains(where: { $0.key == good.key }) { verified.append(good) }
        }
        guard !verified.isEmpty else { throw .noKnownSignature }
        return verified
    }
}

/// One signature line.
public struct NoteSignature: Hashable, Sendable {
    static let longestLine = 8 * 1024

    /// Name of the key that is said to have signed.
    public let name: KeyName
    /// Short identifier of that key.
    public let keyID: UInt32
    /// The signature proper.
    public let bytes: [UInt8]
}
