// SPDX-License-Identifier: Apache-2.0

package import NIOSSL

/// The one place in which TLS configurations are made.
///
/// The library's own default accepts TLS 1.0 and RSA key exchange, so nobody else may make one: TLS 1.3
/// preferred, 1.2 the least (NIST SP 800-52r2), and of 1.2 only forward-secret suites with authenticated
/// encryption (RFC 9325 section 4.2).
package enum TLSPolicy {
    /// The suites of TLS 1.2 that are accepted, best first.
    package static let cipherSuites = [
        "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
    ].joined(separator: ":")

    /// A server that shows `certificate`, with its chain behind it.
    package static func server(chain: [NIOSSLCertificate], key: NIOSSLPrivateKey) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuites = cipherSuites
        return configuration
    }

    /// A client that trusts `roots` only.
    package static func client(trusting roots: [NIOSSLCertificate]) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuites = cipherSuites
        configuration.trustRoots = .certificates(roots)
        return configuration
    }
}
