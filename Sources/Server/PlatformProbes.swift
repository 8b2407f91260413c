// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Keyring
import Ledger
import Web

/// What the platform proves about itself: whether the posture page can be trusted at all.
enum PlatformProbes {
    /// The log is complete and unchanged.
    static let logVerified = Measure(
        id: "ledger.verified", practice: nil, title: "The evidence log is complete and unchanged",
        population: "leaves of the log", maximumAge: .hours(24), rules: ["45 CFR 164.312(b)", "45 CFR 164.312(c)(2)"],
        nextStep: "Run salus ledger verify; it names the place that does not fit.")

    /// Somebody has written the recovery phrase down.
    static let recoveryConfirmed = Measure(
        id: "keyring.recovery", practice: nil, title: "The recovery phrase is written down",
        population: "recovery phrase", maximumAge: .hours(24), rules: ["45 CFR 164.308(a)(7)"],
        nextStep: "Have an administrator write the 24 words of the recovery phrase down.")

    /// Care goes on when the disk is full.
    static let reserveHeld = Measure(
        id: "ledger.reserve", practice: nil, title: "Space is kept for care when the disk is full",
        population: "reserve", maximumAge: .hours(1), rules: ["45 CFR 164.312(b)"],
        nextStep: "Free space on the disk of the store: only care goes on, in the space kept for it.")

    /// The console's certificate is good, and will be for a while. It belongs to the row of patient data in transit.
    static let certificate = Measure(
        id: "transit.certificate", practice: .encryption,
        title: "The console's certificate is valid for two weeks and more", population: "certificates of the console",
        maximumAge: .hours(1), rules: ["45 CFR 164.312(e)(1)", "NIST SP 800-52r2"],
        nextStep: "Put a new certificate and its key into the files that the configuration names. "
            + "The program's log says what is wrong with those that are there. Without such files: start Salus anew.")

    private static func certificate(_ served: ServedCertificate, _ house: House) -> MeasureReading? {
        // A command beside the program shows no certificate and has nothing to say.
        guard let until = served.until else { return nil }
        let now = house.clock.now()
        let isGood = served.problem == nil && until > now.advanced(by: .hours(14 * 24))
        let found = "valid until \(until.text)" + (served.problem == nil ? "" : ", the newer files cannot be used")
        return MeasureReading(
            of: certificate, population: 1, fulfilling: isGood ? 1 : 0, effectiveAt: now, collectedAt: now,
            source: found)
    }

    /// A log that is damaged or cannot be read is said to be so at once: an older, better reading must not stay.
    private static func verified(_ house: House, _ tiles: any TileStore) async throws -> MeasureReading? {
        // Sequencing stops at damage; the verification then says what is wrong.
        try? await house.ledger.settle()
        let result = try? await LogVerification.verify(tiles, trusted: house.ledger.verifierKey, store: house.store)
        let (size, now) = (max(1, Int64(clamping: result?.size ?? 0)), house.clock.now())
        let isWhole = result.map { $0.problems.isEmpty && $0.delayedSince == nil } ?? false
        let found = result?.delayedSince == nil ? "recomputed every leaf and tile" : "entries wait to be sequenced"
        return MeasureReading(
            of: logVerified, population: size, fulfilling: isWhole ? size : 0,
            unmeasured: result == nil ? size : 0, effectiveAt: now, collectedAt: now,
            source: result == nil ? "could not be read" : found)
    }

    /// What the platform proves about itself.
    static let measures = [logVerified, recoveryConfirmed, reserveHeld, certificate]

    static func all(settings: Settings, house: House, certificate served: ServedCertificate) -> [Probe] {
        [
            Probe(certificate, every: .minutes(1)) { certificate(served, house) },
            house.ledger.reserve.map { reserve in
                Probe(reserveHeld, every: .minutes(1)) {
                    let (state, now) = (try await reserve.state(), house.clock.now())
                    return MeasureReading(
                        of: reserveHeld, population: 1, fulfilling: state == .held ? 1 : 0,
                        effectiveAt: now, collectedAt: now, source: "looked at the reserve")
                }
            },
            Probe(logVerified, every: .minutes(15)) {
                try await verified(house, settings.tiles(house.store))
            },
            Probe(recoveryConfirmed, every: .minutes(1)) {
                let (status, now) = (try await house.keyring.status(), house.clock.now())
                return MeasureReading(
                    of: recoveryConfirmed, population: 1, fulfilling: status.recoveryPending ? 0 : 1,
                    effectiveAt: now, collectedAt: now, source: "the keyring")
            },
        ].compactMap { $0 }
    }
}
