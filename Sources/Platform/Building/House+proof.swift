// SPDX-License-Identifier: Apache-2.0

import Kernel
package import Web

extension House {
    /// Whether it is the signed-in person who sits at the browser: proved in the last minutes, or by what the form
    /// holds in its `ProofField`.
    ///
    /// - Throws: `Fault.throttled` after too many wrong proofs.
    package func isProved(_ request: PageRequest) async throws -> Bool {
        guard let cookie = request.cookies["__Host-salus"] else { return false }
        return try await directory.isProved(cookie: cookie, by: request.form[ProofField.name])
    }

    /// Whether the form holds a new code of the signed-in person's authenticator in its `ProofField`: for what neither a
    /// password nor an earlier proof is enough.
    ///
    /// - Throws: `Fault.throttled` after too many wrong proofs.
    package func isProvedByCode(_ request: PageRequest) async throws -> Bool {
        guard let cookie = request.cookies["__Host-salus"], let code = request.form[ProofField.name] else {
            return false
        }
        return try await directory.isProved(cookie: cookie, byCode: code)
    }
}
