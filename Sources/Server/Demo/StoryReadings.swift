// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Ledger
import Posture
import TransparencyLog
import Vault

/// What the measures showed on the evenings of the story. Each is read by its own probe from what the house holds on that
/// evening, but for those that ask the machine and not the house: of these the story tells what they would have found.
struct StoryReadings {
    let estate: Estate
    /// The figures that change with accounts only, as they were found last.
    private var lasting: [String: MeasureReading] = [:]

    init(estate: Estate) {
        self.estate = estate
    }

    /// An old printer in the cellar spoke TLS 1.0 until somebody found it.
    private static let oldPort = 205...214

    /// Says that accounts are not what they were.
    mutating func accountsChanged() {
        lasting = [:]
    }

    /// Takes all readings of an evening.
    mutating func take(daysAgo: Int) async throws {
        try await estate.house.ledger.settle()
        var found: [MeasureReading] = []
        for probe in estate.posture.probes {
            if let reading = try await read(probe, daysAgo) { found.append(reading) }
        }
        try await estate.posture.record(found)
    }

    private mutating func read(_ probe: Probe, _ daysAgo: Int) async throws -> MeasureReading? {
        let measure = probe.measure
        switch measure.id {
        case "transit.tls-policy":
            return told(measure, 2, Self.oldPort.contains(daysAgo) ? 1 : 2, "scanned own ports")
        case PlatformProbes.logVerified.id:
            let size = Int64(clamping: try await estate.house.ledger.checkpoint()?.checkpoint.size ?? 0)
            return told(measure, max(1, size), max(1, size), "recomputed every leaf and tile")
        case PlatformProbes.certificate.id: return told(measure, 1, 1, "looked at the certificate")
        case PlatformProbes.reserveHeld.id: return told(measure, 1, 1, "looked at the reserve")
        case "vault.sealed-at-rest":
            let count = try await VaultPractice.recordCount(in: estate.house)
            return told(measure, count, count, "counted by the log; \(count) opened within 24 hours")
        case "access.leavers": return try await lasting(probe)
        default: return try await probe.read()
        }
    }

    private mutating func lasting(_ probe: Probe) async throws -> MeasureReading? {
        if let known = lasting[probe.measure.id] {
            return told(probe.measure, known.population, known.fulfilling, known.source)
        }
        let reading = try await probe.read()
        lasting[probe.measure.id] = reading
        return reading
    }

    private func told(_ measure: Measure, _ population: Int64, _ fulfilling: Int64, _ source: String) -> MeasureReading?
    {
        let now = estate.house.clock.now()
        return MeasureReading(
            of: measure, population: population, fulfilling: fulfilling, effectiveAt: now, collectedAt: now,
            source: source)
    }
}
