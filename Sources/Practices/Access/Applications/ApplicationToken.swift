// SPDX-License-Identifier: Apache-2.0

import Codecs
import Crypto

/// 32 random bytes by which a program proves which application it is. It is shown once; only the hash is stored.
///
/// A hash without salt and work is enough for 256 random bits, and lets the row be found by it: nothing compares
/// tokens byte by byte.
struct ApplicationToken: Sendable {
    private let bytes: [UInt8]

    /// A new one.
    init() {
        bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
    }

    /// One as it comes in an `Authorization` header, in Base64 for URLs; nil for anything else.
    init?(_ text: String) {
        guard text.utf8.count == 43, let bytes = Base64.decode(text, as: .urlSafe), bytes.count == 32 else {
            return nil
        }
        self.bytes = bytes
    }

    /// The text that the program keeps, 43 characters.
    var text: String { Base64.encode(bytes, as: .urlSafe) }

    /// What is stored: SHA-256.
    var hash: [UInt8] { Array(SHA256.hash(data: bytes)) }
}
