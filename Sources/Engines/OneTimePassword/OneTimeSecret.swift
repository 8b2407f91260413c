// SPDX-License-Identifier: Apache-2.0

import Crypto

/// The secret that a person's authenticator and the server share. Printing it shows only that it is there.
public struct OneTimeSecret: Sendable {
    /// Bytes of a secret that we make: 160 bits, as RFC 4226 recommends.
    public static let recommendedByteCount = 20

    /// The secret itself: store it sealed.
    public let bytes: [UInt8]

    /// A secret that exists already.
    /// - Throws: `secretLength` unless there are 16 to 128 bytes.
    public init(_ bytes: [UInt8]) throws(OneTimePasswordError) {
        guard (16...128).contains(bytes.count) else { throw .secretLength }
        self.bytes = bytes
    }

    /// A secret as a person or a QR code carries it.
    /// - Throws: `base32`, `secretLength`.
    public init(base32: String) throws(OneTimePasswordError) {
        try self.init(Base32.decode(base32))
    }

    /// A new random secret of 20 bytes: outside of tests, pass `SystemRandomNumberGenerator`.
    public init(using generator: inout some RandomNumberGenerator) {
        bytes = (0..<Self.recommendedByteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// The secret for typing it in by hand.
    public var base32: String { Base32.encode(bytes) }
}

extension OneTimeSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Says only that there is one.
    public var description: String { "OneTimeSecret(redacted)" }
    /// Says only that there is one.
    public var debugDescription: String { description }
    /// Shows no parts, so that `dump` shows none either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The hash under the code. Many phone applications ignore it and always take SHA-1, so that is the default everywhere;
/// HMAC does not need SHA-1 to be free of collisions.
public enum OneTimeAlgorithm: String, CaseIterable, Sendable {
    case sha1 = "SHA1"
    case sha256 = "SHA256"
    case sha512 = "SHA512"

    func authenticationCode(for message: [UInt8], using secret: OneTimeSecret) -> [UInt8] {
        let key = SymmetricKey(data: secret.bytes)
        return switch self {
        case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: key))
        case .sha256: Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
        case .sha512: Array(HMAC<SHA512>.authenticationCode(for: message, using: key))
        }
    }
}
