// SPDX-License-Identifier: Apache-2.0

import Crypto

/// Turns what must be found again but not be readable into keyed hashes of 32 bytes.
///
/// On disk for ever. The first byte tells the uses apart: a resource type begins with a capital letter.
struct IndexKey: Sendable {
    private let keyed: HMAC<SHA256>

    init(_ secret: [UInt8]) {
        keyed = HMAC<SHA256>(key: SymmetricKey(data: secret))
    }

    /// Where the record of this type with this id (or fullUrl) is: HMAC(type ‖ 0 ‖ id).
    func lookup(type: String, id: String) -> [UInt8] {
        code(Array(type.utf8) + [0] + Array(id.utf8))
    }

    /// Where the record of this type with this business identifier is: HMAC(1 ‖ type ‖ 0 ‖ system ‖ 0 ‖ value).
    func identifier(type: String, system: [UInt8], value: [UInt8]) -> [UInt8] {
        code([1] + Array(type.utf8) + [0] + system + [0] + value)
    }

    /// Whether this file was taken in before: HMAC(2 ‖ content), of the unpacked content.
    func file(_ content: [UInt8]) -> [UInt8] {
        var hash = keyed
        hash.update(data: [2])
        hash.update(data: content)
        return Array(hash.finalize())
    }

    private func code(_ bytes: [UInt8]) -> [UInt8] {
        var hash = keyed
        hash.update(data: bytes)
        return unsafe hash.finalize().withUnsafeBytes { unsafe [UInt8]($0) }
    }
}
