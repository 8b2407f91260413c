// SPDX-License-Identifier: Apache-2.0

import Building
import Foundation
import Glibc
import Kernel
import Keyring
import NIOSSL
import Web

/// The certificate of the console, from the institution's own authority.
struct ConsoleAuthority: Sendable {
    /// What the listener shows.
    let tls: TLSConfiguration
    /// The authority's certificate, for browsers to trust.
    let pem: String

    /// Makes the console's certificate for `localhost`, the loopback addresses, the machine's own name, and the
    /// names of the configuration.
    static func open(_ estate: Estate) async throws -> ConsoleAuthority {
        let path = "\(estate.settings.data)/authority.pem"
        let stored = try? String(contentsOfFile: path, encoding: .utf8)
        let authority = try LocalAuthority(
            secret: try await estate.house.keyring.secret(named: "console-authority"), stored: stored,
            institution: estate.house.keyring.institution, now: estate.house.clock.now())
        let pem = try authority.pem()
        if pem != stored {
            // Only a convenience for browsers: without the file the next start makes another certificate.
            try? FileManager.default.createDirectory(
                atPath: estate.settings.data, withIntermediateDirectories: true)
            try? pem.write(toFile: path, atomically: true, encoding: .utf8)
        }
        if let files = estate.settings.certificate {
            let tls = try estate.certificate.use(
                files, names: estate.settings.names, now: estate.house.clock.now())
            return ConsoleAuthority(tls: tls, pem: pem)
        }
        estate.certificate.use(until: estate.house.clock.now().advanced(by: LocalAuthority.consoleValidity))
        let tls = try authority.issueConsoleCertificate(
            names: names(estate.settings), addresses: [[127, 0, 0, 1], [UInt8](repeating: 0, count: 15) + [1]],
            now: estate.house.clock.now())
        return ConsoleAuthority(tls: tls, pem: pem)
    }

    private static func names(_ settings: Settings) -> [String] {
        var buffer = [CChar](repeating: 0, count: 256)
        let own =
            unsafe gethostname(&buffer, 255) == 0
            ? String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : ""
        var names: [String] = []
        for name in ["localhost", own.lowercased()] + settings.names where !name.isEmpty && !names.contains(name) {
            names.append(name)
        }
        return names
    }
}
