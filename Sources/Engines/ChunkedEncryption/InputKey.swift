// SPDX-License-Identifier: Apache-2.0

import Crypto

/// The 32-byte key under which messages are sealed, kept as the HMAC-SHA512 state that it begins.
///
/// Keeping the state saves four hash blocks on every message, most of the cost of a small one. The key cannot be read
/// back, and printing, debugging or reflecting it shows only that it is there.
public struct InputKey: Sendable {
    private let extractor: HMAC<SHA512>

    /// A key of 32 uniformly random bytes.
    /// - Throws: `inputKeyLength` for any other length.
    public init(_ bytes: [UInt8]) throws(ChunkedEncryptionError) {
        try self.init(SymmetricKey(data: bytes))
    }

    /// A key of 256 bits made by swift-crypto.
    /// - Throws: `inputKeyLength` for any other size.
    public init(_ key: SymmetricKey) throws(ChunkedEncryptionError) {
        guard key.bitCount == Cobblestone256.inputKeyByteCount * 8 else { throw .inputKeyLength }
        extractor = HMAC<SHA512>(key: key)
    }

    /// HKDF-Expand (RFC 5869, section 2.3) to the 76 bytes that one message needs: T(1) and the start of T(2).
    package func messageKeys(salt: Salt24, context: [UInt8]) -> MessageKeys {
        var info: [UInt8] = []
        info.reserveCapacity(Self.infoPrefix.count + Salt24.byteCount + context.count + 1)
        info.append(contentsOf: Self.infoPrefix)
        info.append(contentsOf: salt.bytes)
        info.append(contentsOf: context)
        info.append(1)
        let first = expand(info)
        info[info.count - 1] = 2
        let second = expand(first, info)
        return MessageKeys(
            key: SymmetricKey(data: first[0..<32]), baseNonce: Array(first[32..<44]),
            commitment: Array(first[44..<64]) + second[0..<12])
    }

    private func expand(_ parts: [UInt8]...) -> [UInt8] {
        var hash = extractor
        for part in parts { hash.update(data: part) }
        // Copied as one block: iterating a code goes through an existential for every byte.
        return unsafe hash.finalize().withUnsafeBytes { unsafe [UInt8]($0) }
    }

    private static let infoPrefix = Array("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0".utf8)
}

extension InputKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Says only that there is one.
    public var description: String { "InputKey(redacted)" }
    /// Says only that there is one.
    public var debugDescription: String { description }
    /// Shows no parts, so that `dump` shows none either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
