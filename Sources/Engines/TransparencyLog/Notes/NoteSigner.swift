// SPDX-License-Identifier: Apache-2.0
import Crypto

/// Something that signs notes: a key in memory, or one that never leaves a token.
public protocol NoteSigner: Sendable {
    /// The key that verifies what this signer signs.
    var verifier: VerifierKey { get }

    /// The bytes that follow the key ID in the signature line.
    func signature(over text: [UInt8]) throws -> [UInt8]
}

/// Signs notes with an Ed25519 key: the signer of a log.
public struct Ed25519Signer: NoteSigner {
    /// The key that verifies.
    public let verifier: VerifierKey
    private let key: Curve25519.Signing.PrivateKey

    /// - Throws: ``NoteError/badVerifierKey``.
    public init(name: KeyName, key: Curve25519.Signing.PrivateKey) throws(NoteError) {
        self.key = key
        verifier = try VerifierKey(name: name, publicKey: Array(key.publicKey.rawRepresentation))
    }

    /// 64 bytes, RFC 8032.
    public func signature(over text: [UInt8]) throws -> [UInt8] {
        try Array(key.signature(for: text))
    }
}

/// Signs checkpoints as a witness does, together with the time (tlog-cosignature, `cosignature/v1`).
public struct Cosigner: NoteSigner {
    /// The key that verifies.
    public let verifier: VerifierKey
    private let key: Curve25519.Signing.PrivateKey
    private let time: UInt64

    /// - Parameter time: seconds since 1970 UTC.
    /// - Throws: ``NoteError/badVerifierKey``; ``NoteError/badLayout`` for a time of 2⁶³ or later.
    public init(name: KeyName, key: Curve25519.Signing.PrivateKey, time: UInt64) throws(NoteError) {
        guard time <= Int64.max else { throw .badLayout }
        self.key = key
        self.time = time
        let publicKey = Array(key.publicKey.rawRepresentation)
        verifier = try VerifierKey(name: name, algorithm: .cosignature, publicKey: publicKey)
    }

    /// The time as eight bytes, big-endian, then 64 bytes of Ed25519.
    public func signature(over text: [UInt8]) throws -> [UInt8] {
        try BigEndian.bytes(time) + Array(key.signature(for: Self.message(text, at: time)))
    }

    static func message(_ text: [UInt8], at time: UInt64) -> [UInt8] {
        Array("cosignature/v1\ntime \(time)\n".utf8) + text
    }
}
