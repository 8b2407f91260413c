// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Logging
import ServiceLifecycle
import Store
import UnixSignals
import Web

/// Looks at the certificate's files every few seconds and when the program gets SIGHUP, so that a renewal needs no
/// restart.
struct CertificateWatch: Service {
    let certificate: ServedCertificate
    let house: House
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    // Trapped in any case: a signal that nobody waits for would end the program.
                    for await _ in await UnixSignalsSequence(trapping: .sighup) { await look(evenIfUnchanged: true) }
                }
                group.addTask {
                    while !Task.isCancelled {
                        try? await Task.sleep(for: .seconds(10))
                        await look()
                    }
                }
            }
        }
    }

    private func look(evenIfUnchanged: Bool = false) async {
        var change = certificate.refresh(now: house.clock.now(), evenIfUnchanged: evenIfUnchanged)
        if case .refused = change {
            // Certificate and key are written one after the other; in between they do not fit.
            try? await Task.sleep(for: .seconds(2))
            change = certificate.refresh(now: house.clock.now(), evenIfUnchanged: true)
        }
        switch change {
        case .none: break
        case .renewed(let other):
            logger.notice("New connections get the new certificate", metadata: ["until": "\(other.until.text)"])
            await tell(
                Fact(
                    ServerFacts.certificateRenewed, by: .system,
                    [
                        .init("fingerprint", .string(other.fingerprint)),
                        .init("until", .integer(other.until.microseconds)),
                    ]))
        case .refused(let fault):
            logger.error(
                "The new certificate cannot be used, so the one from before is kept",
                metadata: ["why": "\(fault.message)"])
            await tell(Fact(ServerFacts.certificateRefused, by: .system))
        }
    }

    private func tell(_ fact: Fact) async {
        do {
            try await house.store.write { tx in try tx.record(fact) }
        } catch {
            logger.error("The change of the certificate could not be logged", metadata: ["error": "\(error)"])
        }
    }
}
