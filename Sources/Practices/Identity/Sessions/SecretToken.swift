// SPDX-License-Identifier: Apache-2.0

import Codecs
import Crypto

/// 32 random bytes that open something for whoever holds them: a session, a browser, a welcome link. Only the hash
/// is stored.
struct SecretToken: Sendable {
    private let bytes: [UInt8]

    /// A new one.
    init() {
        bytes = randomBytes(32)
    }

    /// One as a cookie or an address carries it, in Base64 for URLs; nil for anything else.
    init?(_ text: String?) {
        guard let text, text.utf8.count == 43, let bytes = Base64.decode(text, as: .urlSafe), bytes.count == 32
        else { return nil }
        self.bytes = bytes
    }

    /// The text that the holder keeps, 43 characters.
    var text: String { Base64.encode(bytes, as: .urlSafe) }

    /// What is stored: SHA-256.
    var hash: [UInt8] { Array(SHA256.hash(data: bytes)) }

    /// The value that forms of this session must carry; derived, so nothing is stored, and it reveals nothing of the
    /// token.
    var formToken: String {
        let label = Array("salus/form-token/v1".utf8)
        let code = HMAC<SHA256>.authenticationCode(for: label, using: SymmetricKey(data: bytes))
        return Base64.encode(code, as: .urlSafe)
    }
}
