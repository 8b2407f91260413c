// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Foundation
import Glibc
import Identity
import Kernel
import Ledger
import Logging
import Posture
import ServiceLifecycle
import Store
import UnixSignals
import Web

/// `salus up`: opens the house and serves it.
struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start Salus.",
        discussion: """
            Makes what is missing in the data folder, prints the address of the console and, until the first \
            administrator has signed in, a welcome link, and serves until it is told to stop (SIGTERM or Ctrl-C).

            Each option can also be given in the environment (SALUS_DATA, SALUS_DATABASE, SALUS_LISTEN, \
            SALUS_DEMO, SALUS_KEY_FILE, …) or in a configuration file.
            """)

    @OptionGroup var house: HouseOptions

    @Option(help: ArgumentHelp("Where the console listens.", valueName: "host:port"))
    var listen: String?

    @Option(
        help: ArgumentHelp(
            "The console's certificate and those of its issuers, in PEM. Renewed files need no restart.",
            valueName: "file"))
    var certificate: String?

    @Option(
        name: .customLong("certificate-key"),
        help: ArgumentHelp("The key of that certificate, in PEM.", valueName: "file"))
    var certificateKey: String?

    @Flag(inversion: .prefixedNo, help: "Fill a new store with the synthetic clinic.")
    var demo: Bool?

    @Option(help: ArgumentHelp("How many days of invented past it has, 0 to 365.", valueName: "days"))
    var demoDays: Int?

    func run() async throws {
        let settings = try CommandHouse.settings(
            house,
            [
                SettingKey.listen.name: listen, SettingKey.demo.name: demo.map { $0 ? "true" : "false" },
                SettingKey.demoDays.name: demoDays.map(String.init),
                SettingKey.certificate.name: certificate, SettingKey.certificateKey.name: certificateKey,
            ].filter { $0.value != nil })
        try DataOwner.refuseRootInFolderOfAnother(settings.data)
        let logger = Logs.make(settings)
        if settings.demo { try await DemoLoader(settings: settings, logger: logger).loadIfNew() }
        let estate = try await Estate.open(settings, logger: logger)
        do {
            try await serve(estate, logger)
        } catch {
            await estate.close()
            throw error
        }
        await estate.close()
    }

    private func serve(_ estate: Estate, _ logger: Logger) async throws {
        let authority = try await ConsoleAuthority.open(estate)
        let meter = Meter()
        let front = try Console.front(estate, meter: meter, authority: authority, logger: logger)
        let server = try WebServer(
            at: estate.settings.listen, tls: authority.tls, logger: logger,
            onListening: { port in await Self.announce(port, estate, logger) },
            answer: { await front.answer($0, body: $1) })
        let watch = CertificateWatch(certificate: estate.certificate, house: estate.house, logger: logger)
        let jobs = JobRunner(
            jobs: estate.posture.jobs + estate.practices.flatMap(\.jobs), store: estate.house.store, logger: logger)
        // Starting is care too: after a power cut with a full disk people must get in.
        try await estate.house.care { tx in
            try tx.record(Fact(ServerFacts.started, by: .system, [.init("version", .string(Version.number))]))
        }
        // Services stop in the reverse of this order, so that the log sequences what the others did last.
        let group = ServiceGroup(
            configuration: .init(
                services: [estate.house.ledger, jobs] + estate.practices.flatMap(\.services) + [watch, server],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch {
            throw Self.explain(error, estate.settings.listen)
        }
        _ = try? await estate.house.store.write { tx in try tx.record(Fact(ServerFacts.stopped, by: .system)) }
        // What cannot be sequenced now waits in the store and has been reported; stopping as asked is no failure.
        try? await estate.house.ledger.settle()
    }

    /// Says on standard output where the console is, once it can be reached.
    private static func announce(_ port: Int, _ estate: Estate, _ logger: Logger) async {
        let base = estate.settings.address(port: port)
        Terminal.line("console: \(base)/")
        do {
            if let token = try await IdentityPractice.ensureFirstAdministrator(estate.house) {
                Terminal.line("welcome: \(base)/welcome/\(token)")
            }
        } catch {
            logger.error("The welcome link could not be made", metadata: ["error": "\(error)"])
        }
        Readiness.announce(estate.settings.environment)
    }

    private static func explain(_ error: any Error, _ address: ListenAddress) -> any Error {
        let text = "\(error)"
        guard text.contains("Address already in use") || text.contains("errno: 98") else {
            guard text.contains("Permission denied") || text.contains("errno: 13") else { return error }
            return Fault(.unavailable, "Salus may not listen at \(address). Choose a port above 1023 with --listen.")
        }
        return Fault(
            .unavailable,
            "Something already listens at \(address). Stop it, or choose another port with --listen HOST:PORT.")
    }
}
