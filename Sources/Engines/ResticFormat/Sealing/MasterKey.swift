// SPDX-License-Identifier: Apache-2.0

import CRestic
import Codecs
import Synchronization

/// The keys of a repository: AES-256 for its content, AES-128 and a multiplier for Poly1305-AES (restic design, "Keys,
/// Encryption and MAC"). The same shape is what a password is stretched to, to seal the repository's own.
///
/// It cannot be printed, and its memory is wiped when nobody uses it any more.
public final class MasterKey: Sendable {
    /// Bytes of all three keys: 32 for encryption, 16 for AES-128, 16 for the multiplier.
    public static let byteCount = 64

    /// Encryption key, then k, then r.
    private let secret: Mutex<InlineArray<64, UInt8>>

    /// The keys in the order encryption (32), k (16), r (16); nil for another number of bytes, or when one is all zeros.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var secret = InlineArray<64, UInt8>(repeating: 0)
        var sums: (UInt8, UInt8, UInt8) = (0, 0, 0)
        for (place, byte) in bytes.enumerated() {
            secret[place] = byte
            switch place {
            case ..<32: sums.0 |= byte
            case ..<48: sums.1 |= byte
            default: sums.2 |= byte
            }
        }
        guard sums.0 != 0, sums.1 != 0, sums.2 != 0 else { return nil }
        self.secret = Mutex(secret)
    }

    /// Fresh keys.
    public convenience init(using generator: inout some RandomNumberGenerator) {
        // All zeros, once in 2^128, is drawn again.
        while true {
            if let drawn = Self.drawn(using: &generator) {
                self.init(copying: drawn)
                return
            }
        }
    }

    deinit {
        secret.withLock { secret in
            var span = secret.mutableSpan
            unsafe span.withUnsafeMutableBytes { unsafe crestic_wipe($0.baseAddress, $0.count) }
        }
    }

    private init(copying key: MasterKey) {
        secret = Mutex(key.secret.withLock { $0 })
    }

    private static func drawn(using generator: inout some RandomNumberGenerator) -> MasterKey? {
        MasterKey((0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    /// Gives the bytes for the time of a call; they are not to be kept.
    func withBytes<Result>(_ work: (Span<UInt8>) throws -> Result) rethrows -> Result {
        try secret.withLock { try work($0.span) }
    }
}

extension MasterKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Says only that there is one.
    public var description: String { "MasterKey(redacted)" }
    /// Says only that there is one.
    public var debugDescription: String { description }
    /// Shows no parts.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

// As JSON, sealed inside a key file: {"mac":{"k":…,"r":…},"encrypt":…}
extension MasterKey {
    func json() -> [UInt8] {
        withBytes { secret in
            let (k, r, encryption) = (text(secret, 32..<48), text(secret, 48..<64), text(secret, 0..<32))
            return Array(#"{"mac":{"k":"\#(k)","r":"\#(r)"},"encrypt":"\#(encryption)"}"#.utf8)
        }
    }

    private func text(_ secret: Span<UInt8>, _ range: Range<Int>) -> String {
        Base64.encode(range.map { secret[$0] })
    }

    static func parse(_ json: [UInt8]) throws(FormatError) -> MasterKey {
        let root: JSONNode
        do {
            root = try JSONDocument.parse(json, limits: JSONLimits(bytes: 4_096, depth: 8, values: 64)).root
        } catch {
            throw .malformed(.key, "the keys inside are no JSON")
        }
        guard let k = bytes(root.at("mac", "k"), 16), let r = bytes(root.at("mac", "r"), 16),
            let encryption = bytes(root["encrypt"], 32), let key = MasterKey(encryption + k + r)
        else { throw .malformed(.key, "the keys inside have the wrong lengths") }
        return key
    }

    private static func bytes(_ node: JSONNode?, _ count: Int) -> [UInt8]? {
        guard let bytes = node?.string.flatMap({ Base64.decode($0) }), bytes.count == count else { return nil }
        return bytes
    }
}
