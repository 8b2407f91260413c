// SPDX-License-Identifier: Apache-2.0

import Kernel
import Keyring
import Store

/// What every duty of this practice works with: the store, and the key that seals and names what it keeps.
struct Registry: Sendable {
    /// The store.
    let store: Database
    /// The key of this practice: passwords and secrets are sealed with it.
    let key: OpenKey

    /// The registry in `store`, with the key of this practice, which is made at its first use.
    init(store: Database, keyring: Keyring) async throws {
        self.store = store
        key = try await keyring.sharedKey(owner: "identity")
    }

    /// A keyed name for `parts` within `purpose`: 32 bytes that reveal nothing without the key.
    func keyedName(_ purpose: String, _ parts: [[UInt8]]) -> [UInt8] {
        var bytes = Array(purpose.utf8)
        for part in parts {
            let length = UInt32(clamping: part.count)
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32($0))) } + part
        }
        return key.pseudonym(of: bytes)
    }
}

/// `count` random bytes from the system.
func randomBytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: .min ... .max) }
}

/// Whoever is at the other end of a request before signing in.
let nobody = EntityReference(type: "anonymous", id: "")
