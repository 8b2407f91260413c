// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
package import Kernel
package import NIOSSL
import SwiftASN1
import X509

/// The institution's own certificate authority for the console's certificate.
///
/// The authority's key is made from a secret of the keyring and never stands in a file; the console's key lives
/// only in memory and gets a new certificate at each start.
package struct LocalAuthority {
    /// How long a certificate of the console holds; it is made anew at each start.
    package static let consoleValidity = Duration.hours(397 * 24)
    private let key: Certificate.PrivateKey
    private let certificate: Certificate

    /// The authority whose key is `secret`, with the certificate in `stored` if that still belongs to it.
    ///
    /// - Parameters:
    ///   - secret: 32 random bytes of the keyring.
    ///   - stored: an earlier certificate of this authority in PEM, which browsers may have been told to trust.
    /// - Throws: `Fault.internal` when the secret is no P-256 key, what swift-certificates says otherwise.
    package init(secret: [UInt8], stored: String?, institution: Identifier<Institution>, now: Instant) throws {
        guard let signing = try? P256.Signing.PrivateKey(rawRepresentation: secret) else {
            throw Fault(.internal, "The secret of the certificate authority is no valid key.")
        }
        key = Certificate.PrivateKey(signing)
        if let stored, let earlier = try? Certificate(pemEncoded: stored), earlier.publicKey == key.publicKey,
            earlier.notValidAfter > now.date.addingTimeInterval(400 * 86_400)
        {
            certificate = earlier
        } else {
            certificate = try Self.makeCertificate(key: key, institution: institution, now: now)
        }
    }

    /// The authority's certificate in PEM, for browsers to trust.
    package func pem() throws -> String {
        try certificate.serializeAsPEM().pemString
    }

    private static func makeCertificate(
        key: Certificate.PrivateKey, institution: Identifier<Institution>, now: Instant
    ) throws -> Certificate {
        let name = try DistinguishedName {
            OrganizationName("Salus")
            CommonName("Salus local authority \(institution.description.suffix(12))")
        }
        return try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
            notValidBefore: now.date.addingTimeInterval(-86_400),
            notValidAfter: now.date.addingTimeInterval(3_650 * 86_400),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: key.publicKey)
            },
            issuerPrivateKey: key)
    }

    /// A new key and certificate for the console under `names` (DNS names) and `addresses` (IPv4 and IPv6).
    package func issueConsoleCertificate(
        names: [String], addresses: [[UInt8]], now: Instant
    ) throws -> TLSConfiguration {
        let leafKey = P256.Signing.PrivateKey()
        let leaf = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PrivateKey(leafKey).publicKey,
            notValidBefore: now.date.addingTimeInterval(-86_400),
            notValidAfter: now.advanced(by: Self.consoleValidity).date,
            issuer: certificate.subject,
            subject: try DistinguishedName { CommonName(names.first ?? "localhost") },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(
                    names.map { .dnsName($0) } + addresses.map { .ipAddress(ASN1OctetString(contentBytes: $0[...])) })
                AuthorityKeyIdentifier(
                    keyIdentifier: SubjectKeyIdentifier(hash: key.publicKey).keyIdentifier)
            },
            issuerPrivateKey: key)
        return TLSPolicy.server(
            chain: [
                try NIOSSLCertificate(bytes: Array(leaf.serializeAsPEM().pemString.utf8), format: .pem),
                try NIOSSLCertificate(bytes: Array(certificate.serializeAsPEM().pemString.utf8), format: .pem),
            ],
            key: try NIOSSLPrivateKey(bytes: Array(leafKey.pemRepresentation.utf8), format: .pem))
    }
}

extension Instant {
    /// The instant as Foundation's date, which certificates are made with.
    fileprivate var date: Date {
        Date(timeIntervalSince1970: Double(seconds))
    }
}
