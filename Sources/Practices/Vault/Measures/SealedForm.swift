// SPDX-License-Identifier: Apache-2.0

import ChunkedEncryption
import Glibc

/// How sealed bytes look from outside.
enum SealedForm {
    /// The length that sealing gives, and no plaintext in it.
    static func fits(_ sealed: [UInt8], _ size: Int64) -> Bool {
        let length = try? Cobblestone256.ciphertextByteCount(ofPlaintext: Int(size))
        return length == sealed.count && !contains(sealed, marker)
    }

    private static let marker = Array("\"resourceType\"".utf8)

    private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        // Unsafe claim: memchr and memcmp stay within the counts of both arrays, which live until they return.
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe part.withUnsafeBytes { part in
                guard let start = bytes.baseAddress, let wanted = part.baseAddress, part.count > 0 else { return false }
                var at = 0
                while at + part.count <= bytes.count {
                    let rest = unsafe start + at
                    guard let hit = unsafe memchr(rest, Int32(part[0]), bytes.count - part.count - at + 1) else {
                        return false
                    }
                    if unsafe memcmp(hit, wanted, part.count) == 0 { return true }
                    at += unsafe UnsafeRawPointer(hit) - rest + 1
                }
                return false
            }
        }
    }
}
