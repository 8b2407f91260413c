// SPDX-License-Identifier: Apache-2.0

package import Building
package import Kernel
import Web

/// The second half of practice 3: patient data in transit. Today it watches Salus's own connections.
package struct TransitPractice: Practice {
    package static let name = PracticeName.encryption
    private let clock: any TimeSource

    package init(_ house: House) async throws {
        clock = house.clock
    }

    /// Every port at which this program listens speaks TLS as the policy asks.
    static let tlsPolicy = Measure(
        id: "transit.tls-policy", practice: .encryption, title: "Salus itself is reached over TLS 1.2 or 1.3 only",
        population: "own listening ports", maximumAge: .hours(24),
        rules: ["45 CFR 164.312(e)(1)", "NIST SP 800-52r2", "HHS CPG strong encryption"],
        nextStep: "Close the port that accepts old TLS or plain text; the evidence names how many there are.")

    package static let measures = [tlsPolicy]

    package var probes: [Probe] {
        [Probe(Self.tlsPolicy, every: .minutes(10)) { await read() }]
    }

    /// The population is what the kernel says of this process, not what Salus believes to have opened.
    private func read() async -> MeasureReading? {
        let ports = ListeningPorts.ofThisProcess()
        guard !ports.isEmpty else { return nil }
        var good: Int64 = 0
        for port in ports {
            let finding = await TLSProbe.probe(host: port.isIPv6Only ? "::1" : "127.0.0.1", port: port.number)
            if finding.isAsItShouldBe { good += 1 }
        }
        let now = clock.now()
        return MeasureReading(
            of: Self.tlsPolicy, population: Int64(ports.count), fulfilling: good, effectiveAt: now, collectedAt: now,
            source: "scanned own ports")
    }
}
