// SPDX-License-Identifier: Apache-2.0

import Codecs
import Crypto
import Kernel
import SwiftASN1
import X509

extension LocalAuthority {
    /// SHA-256 of the authority's certificate in the PEM file at `path`, in hexadecimal.
    ///
    /// - Throws: `Fault.unavailable` when it cannot be read, `Fault.invalidInput` when it is no such certificate.
    package static func fingerprint(ofFile path: String) throws -> String {
        let text = try CertificateBytes.read(path, isSecret: false)
        guard let document = try? PEMDocument(pemString: text), document.discriminator == "CERTIFICATE",
            let certificate = try? Certificate(pemDocument: document),
            case .isCertificateAuthority? = try? certificate.extensions.basicConstraints
        else { throw Fault(.invalidInput, "\(path) is not the certificate of an authority in PEM.") }
        return Hex.encode(Array(SHA256.hash(data: document.derBytes)))
    }
}
