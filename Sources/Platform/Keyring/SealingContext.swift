// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// What a sealed value is bound to: it opens only as this version of this thing of this kind, in this
/// institution, with this key. Two ciphertexts that were swapped anywhere fail to open.
package struct SealingContext: Sendable {
    /// The kind of thing: `record`, `patient-card`, `totp-secret`.
    package let kind: String
    /// The bytes of its id.
    package let id: [UInt8]
    /// Its version; 0 where there are none.
    package let version: Int64

    /// The context of one version of one thing.
    package init(kind: String, id: [UInt8], version: Int64 = 0) {
        self.kind = kind
        self.id = id
        self.version = version
    }

    /// The bytes that go into the key derivation: a format byte, then each field behind its length.
    ///
    /// A wrapped key is under no data key, so its last field is empty. On disk for ever: a golden test holds it.
    package func encoded(institution: Identifier<Institution>, key: Identifier<DataKey>?) -> [UInt8] {
        var bytes: [UInt8] = [1]
        let version = (0..<8).map { UInt8(truncatingIfNeeded: self.version >> (56 - 8 * Int64($0))) }
        for field in [institution.bytes, Array(kind.utf8), id, version, key?.bytes ?? []] {
            let length = UInt16(clamping: field.count)
            bytes += [UInt8(length >> 8), UInt8(length & 255)]
            bytes += field.prefix(Int(length))
        }
        return bytes
    }
}
