// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Foundation
import Kernel
import Web

/// `salus certificate`: who trusts the institution's own certificate authority on this machine.
struct CertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate", abstract: "Have this machine's browsers trust the console, or no longer.",
        subcommands: [CertificateTrust.self, CertificateUntrust.self])
}

/// Which authority is meant, and whether to try only.
struct TrustOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder in which Salus keeps its data.", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("A configuration file in YAML.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "The authority's certificate, as Settings in the console gives it. For machines without the data.",
            valueName: "file"))
    var file: String?

    @Flag(name: .customLong("dry-run"), help: "Change nothing; say what would be done.")
    var dryRun = false

    /// The authority's certificate.
    func authority() throws -> AuthorityFile {
        if let file { return try AuthorityFile(path: file) }
        let flags = data.map { [SettingKey.data.name: $0] } ?? [:]
        let settings = try Settings(
            flags: flags, config: config, environment: ProcessInfo.processInfo.environment)
        return try AuthorityFile(path: "\(settings.data)/authority.pem")
    }
}

/// `salus certificate trust`.
struct CertificateTrust: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Have the browsers of this machine trust the console.",
        discussion: """
            Adds the certificate of the institution's own authority to the system's store (as root only) and to the \
            stores of Chromium and Firefox of whoever runs the command, or runs it through sudo. Doing it again \
            changes nothing. Browsers that are open see it after they were started anew.

            Whoever holds the key of this authority can pretend to be any website to these browsers: it is not \
            limited to the console's names. The key is sealed in Salus and never stands in a file.

            EXIT STATUS: 0 every store that was found trusts it; 3 some do not, each line says why; 1 anything else.
            """)

    @OptionGroup var options: TrustOptions

    func run() async throws {
        let authority = try options.authority()
        Terminal.line("authority: \(authority.name), SHA-256 \(authority.fingerprint)")
        Terminal.line("It is not limited to the console's names: trust it only if you trust whoever runs this Salus.")
        try TrustRun(authority: authority, isDry: options.dryRun).report { try $0.trust(authority) }
    }
}

/// `salus certificate untrust`.
struct CertificateUntrust: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "untrust", abstract: "Take back what `salus certificate trust` did.",
        discussion: """
            Removes this one certificate from the stores that `trust` adds it to, and nothing else.

            EXIT STATUS: 0 no store that was found trusts it; 3 some still do, each line says why; 1 anything else.
            """)

    @OptionGroup var options: TrustOptions

    func run() async throws {
        let authority = try options.authority()
        try TrustRun(authority: authority, isDry: options.dryRun).report { try $0.untrust(authority) }
    }
}
