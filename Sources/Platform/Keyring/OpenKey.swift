// SPDX-License-Identifier: Apache-2.0

import ChunkedEncryption
import Crypto
package import Kernel

/// A data key that is ready for use. It cannot be printed, and nothing in it reaches the disk.
package struct OpenKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// Its id, which is stored beside what it sealed.
    package let id: Identifier<DataKey>
    private let institution: Identifier<Institution>
    private let input: InputKey
    private let pseudonymKey: SymmetricKey

    init(id: Identifier<DataKey>, institution: Identifier<Institution>, bytes: [UInt8]) throws {
        self.id = id
        self.institution = institution
        input = try InputKey(bytes)
        pseudonymKey = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: bytes), info: Array("salus/pseudonym/v1".utf8), outputByteCount: 32)
    }

    package var description: String { "OpenKey(\(id))" }
    /// Nothing, so that no dump shows the key.
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Seals `plaintext` for `context` (C2SP chunked-encryption, Cobblestone-256).
    ///
    /// - Throws: `Fault.internal` when the plaintext is longer than the format allows.
    package func seal(_ plaintext: [UInt8], _ context: SealingContext) throws -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        do {
            return try input.seal(
                plaintext, context: context.encoded(institution: institution, key: id), using: &generator)
        } catch {
            throw Fault(.internal, "Something could not be sealed.", cause: error)
        }
    }

    /// Opens what `seal` made for the same context.
    ///
    /// - Throws: `Fault.damaged` when it was changed, swapped, or sealed with another key.
    package func open(_ sealed: [UInt8], _ context: SealingContext) throws -> [UInt8] {
        do {
            return try input.open(sealed, context: context.encoded(institution: institution, key: id))
        } catch {
            throw Fault(
                .damaged, "A sealed \(context.kind) does not open: it was changed, moved, or belongs to another key.",
                cause: error)
        }
    }

    /// A keyed name for `value` that is the same each time and dies with this key. 32 bytes.
    package func pseudonym(of value: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: value, using: pseudonymKey))
    }

    /// What stands for the owner of this key in the evidence log. 16 bytes.
    package var ownerPseudonym: [UInt8] {
        Array(pseudonym(of: Array("owner".utf8)).prefix(16))
    }
}
