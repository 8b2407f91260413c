// SPDX-License-Identifier: Apache-2.0

import Codecs
import Crypto
import Foundation
package import Kernel
import NIOSSL
import SwiftASN1
import X509

/// A certificate with its chain, and its key, in two PEM files that the operator brings and renews.
package struct CertificateFiles: Sendable, Hashable {
    /// The file with the certificate, then those of its issuers.
    package let certificate: String
    /// The file with the private key.
    package let key: String

    /// The files at these paths.
    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    /// What the files hold, if a browser would take it under each of `names`.
    ///
    /// - Throws: `Fault` that names the file and says what is wrong with it.
    package func load(names: [String], now: Instant) throws -> UsableCertificate {
        let chain = try parseChain(try CertificateBytes.read(certificate, isSecret: false))
        let pem = try parseKey(try CertificateBytes.read(key, isSecret: true))
        guard let leaf = chain.first, let privateKey = try? Certificate.PrivateKey(pemDocument: pem) else {
            throw Fault(.invalidInput, "The key in \(key) is of a kind that Salus cannot use; P-256 and RSA work.")
        }
        guard privateKey.publicKey == leaf.publicKey else {
            throw Fault(.invalidInput, "The key in \(key) does not belong to the certificate in \(certificate).")
        }
        try checkTime(leaf, now)
        try checkNames(leaf, names)
        do {
            return UsableCertificate(
                chain: try chain.map { try NIOSSLCertificate(bytes: try Self.bytes(of: $0), format: .der) },
                key: try NIOSSLPrivateKey(bytes: Array(pem.pemString.utf8), format: .pem),
                until: Instant(leaf.notValidAfter),
                fingerprint: Hex.encode(Array(SHA256.hash(data: try Self.bytes(of: leaf)))))
        } catch let error as NIOSSLError {
            throw Fault(.invalidInput, "The certificate in \(certificate) cannot be used.", cause: error)
        }
    }

    private static func bytes(of certificate: Certificate) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return serializer.serializedBytes
    }

    private func parseChain(_ text: String) throws -> [Certificate] {
        let documents = (try? PEMDocument.parseMultiple(pemString: text)) ?? []
        let certificates = documents.filter { $0.discriminator == "CERTIFICATE" }
        guard !certificates.isEmpty else {
            throw Fault(
                .invalidInput, "There is no certificate in \(certificate). It must be PEM: -----BEGIN CERTIFICATE-----")
        }
        do {
            return try certificates.map { try Certificate(pemDocument: $0) }
        } catch {
            throw Fault(.invalidInput, "A certificate in \(certificate) is damaged.", cause: error)
        }
    }

    private func parseKey(_ text: String) throws -> PEMDocument {
        // An EC key may have its parameters in a block of its own before it.
        let documents = (try? PEMDocument.parseMultiple(pemString: text)) ?? []
        guard let document = documents.first(where: { $0.discriminator.hasSuffix("PRIVATE KEY") }) else {
            throw Fault(.invalidInput, "There is no private key in \(key). It must be PEM: -----BEGIN PRIVATE KEY-----")
        }
        guard document.discriminator != "ENCRYPTED PRIVATE KEY", !text.contains("Proc-Type: 4,ENCRYPTED") else {
            throw Fault(
                .invalidInput,
                "The key in \(key) is protected by a password, which nobody types at an unattended start. "
                    + "Store it without: openssl pkey -in \(key) -out NEW")
        }
        return document
    }

    private func checkTime(_ leaf: Certificate, _ now: Instant) throws {
        let (from, until) = (Instant(leaf.notValidBefore), Instant(leaf.notValidAfter))
        guard now < until else {
            throw Fault(.invalidInput, "The certificate in \(certificate) ended on \(until.text). Renew it.")
        }
        guard from <= now else {
            throw Fault(
                .invalidInput,
                "The certificate in \(certificate) is not valid before \(from.text). Is this machine's clock right?")
        }
    }

    private func checkNames(_ leaf: Certificate, _ names: [String]) throws {
        var held: [String] = []
        for name in (try? leaf.extensions.subjectAlternativeNames) ?? SubjectAlternativeNames([]) {
            if case .dnsName(let text) = name { held.append(text.lowercased()) }
        }
        for name in names where !held.contains(where: { Self.covers($0, name.lowercased()) }) {
            let said = held.isEmpty ? "It names none." : "It names \(held.joined(separator: ", "))."
            throw Fault(
                .invalidInput, "The certificate in \(certificate) does not hold the name \(name). \(said)")
        }
    }

    /// Whether a name of a certificate stands for `name`; an asterisk for one label (RFC 6125 section 6.4.3).
    static func covers(_ held: String, _ name: String) -> Bool {
        if held.utf8.elementsEqual(name.utf8) { return true }
        guard held.hasPrefix("*."), let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")), dot != name.startIndex
        else { return false }
        return name[dot...].utf8.elementsEqual(held.dropFirst().utf8)
    }
}

/// A certificate that was read and checked.
package struct UsableCertificate: Sendable {
    /// The certificate and its issuers.
    let chain: [NIOSSLCertificate]
    /// Its key.
    let key: NIOSSLPrivateKey
    /// When it ends.
    package let until: Instant
    /// SHA-256 of it, in hexadecimal.
    package let fingerprint: String
}

extension Instant {
    /// Foundation's date as an instant; one beyond what an instant holds is its end.
    init(_ date: Date) {
        self.init(microseconds: Int64(exactly: (date.timeIntervalSince1970 * 1e6).rounded()) ?? .max)
    }
}
