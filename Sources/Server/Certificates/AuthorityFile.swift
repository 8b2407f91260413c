// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// The certificate of a local authority in a PEM file.
struct AuthorityFile: Sendable {
    /// The file itself.
    let path: String
    /// SHA-256 of the certificate, in hexadecimal.
    let fingerprint: String
    /// What browsers list it under. With the fingerprint, so that another authority is never taken for it.
    var name: String { "Salus local authority \(fingerprint.prefix(16))" }
    /// How the file in the system's store is called.
    var systemName: String { "salus-\(fingerprint.prefix(16)).crt" }

    /// Reads the file.
    ///
    /// - Throws: `Fault` that says where the certificate is to be had.
    init(path: String) throws {
        self.path = path
        do {
            fingerprint = try LocalAuthority.fingerprint(ofFile: path)
        } catch let fault as Fault where fault.code == .unavailable {
            throw Fault(
                .notFound,
                "\(fault.message) Start Salus once, run this with sudo, or download the certificate in the console "
                    + "under Settings and name it with --file.")
        }
    }
}
