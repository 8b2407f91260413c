// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Crypto
import Kernel
import Keyring

/// What stands in the log for a number or a department: whoever can name it, in this house, finds it there again.
struct StaffHash: Sendable {
    private let key: SymmetricKey

    /// Makes its key at the first start.
    init(_ house: House) async throws {
        key = SymmetricKey(data: try await house.keyring.secret(named: "access-staff"))
    }

    /// The hash of a practitioner's number.
    func hash(_ number: PractitionerNumber) -> String { hash("number", number.text) }

    /// The hash of a department's name.
    func hash(department: String) -> String { hash("department", department) }

    private func hash(_ kind: String, _ text: String) -> String {
        let bytes = Array(kind.utf8) + [0] + Array(text.utf8)
        return Hex.encode(HMAC<SHA256>.authenticationCode(for: bytes, using: key).prefix(16))
    }
}
