// SPDX-License-Identifier: Apache-2.0
import Crypto

/// A public key that verifies signatures of notes (signed-note, "Verifier keys").
public struct VerifierKey: Hashable, Sendable {
    /// How a key signs; the raw value is the signature type byte.
    public enum Algorithm: UInt8, Hashable, Sendable {
        /// Ed25519 over the text of the note.
        case ed25519 = 0x01
        /// Ed25519 over the checkpoint and a time, by a witness (tlog-cosignature, `cosignature/v1`).
        case cosignature = 0x04
    }

    /// The key's name.
    public let name: KeyName
    /// What kind of signatures it makes.
    public let algorithm: Algorithm
    /// 32 bytes, RFC 8032.
    public let publicKey: [UInt8]
    /// Short identifier in signature lines, computed from the other three.
    public let id: UInt32

    /// - Throws: ``NoteError/badVerifierKey`` unless the public key is 32 bytes that Ed25519 accepts.
    public init(name: KeyName, algorithm: Algorithm = .ed25519, publicKey: [UInt8]) throws(NoteError) {
        guard publicKey.count == 32, (try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)) != nil
        else { throw .badVerifierKey }
        self.name = name
        self.algorithm = algorithm
        self.publicKey = publicKey
        let digest = SHA256.hash(data: name.bytes + [0x0a, algorithm.rawValue] + publicKey)
        id = UInt32(truncatingIfNeeded: BigEndian.value(digest.prefix(4)))
    }

    /// The key that a *vkey* text spells: `<name>+<key ID>+<type and public key>`.
    /// - Throws: ``NoteError/badVerifierKey``, ``NoteError/badKeyName``, ``NoteError/unknownKeyType(_:)``.
    public init(vkey text: String) throws(NoteError) {
        // Base 64 may have a plus too, the name and the hexadecimal number cannot.
        let parts = Array(text.utf8).split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
        guard text.utf8.count <= 4096, parts.count == 3, let id = Hex.decode(parts[1]),
            let key = Base64.decode(parts[2]), let type = key.first
        else { throw .badVerifierKey }
        guard let algorithm = Algorithm(rawValue: type) else { throw .unknownKeyType(type) }
        let name = try KeyName(String(decoding: parts[0], as: UTF8.self))
        try self.init(name: name, algorithm: algorithm, publicKey: Array(key.dropFirst()))
        guard self.id == id else { throw .badVerifierKey }
    }

    /// The *vkey* text.
    public var vkey: String {
        let key = Base64.encode([algorithm.rawValue] + publicKey)
        return String(decoding: name.bytes + [0x2b] + Hex.encode(id) + [0x2b] + key, as: UTF8.self)
    }

    /// Checks the bytes after the key ID of a signature line.
    func verify(_ signature: [UInt8], over text: [UInt8]) -> VerifiedSignature? {
        switch algorithm {
        case .ed25519:
            return isValid(signature, for: text) ? VerifiedSignature(key: self, time: nil) : nil
        case .cosignature:
            let time = BigEndian.value(signature.prefix(8))
            guard signature.count == 72, time <= Int64.max,
                isValid(Array(signature.dropFirst(8)), for: Cosigner.message(text, at: time))
            else { return nil }
            return VerifiedSignature(key: self, time: time)
        }
    }

    private func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        guard signature.count == 64,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
        else { return false }
        return key.isValidSignature(signature, for: message)
    }
}

/// A signature that was checked.
public struct VerifiedSignature: Hashable, Sendable {
    /// The key that made it.
    public let key: VerifierKey
    /// The time of a cosignature, in seconds since 1970 UTC; `nil` for other signatures.
    public let time: UInt64?
}
