// SPDX-License-Identifier: Apache-2.0

import Building
import Foundation
import Kernel
import Posture
import TestSupport
import Testing
import Web

@testable import Server

struct SettingsTests {
    private func write(_ text: String, to path: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    @Test func flagsWinOverEnvironmentAndEnvironmentOverFiles() async throws {
        try await TemporaryFolder.with { folder in
            try write("listen: 127.0.0.1:1111\ninstitution: From the file\n", to: "\(folder)/salus.yaml")
            let environment = ["SALUS_LISTEN": "127.0.0.1:2222"]
            let byFile = try Settings(flags: ["data": folder], config: nil, environment: [:])
            #expect(byFile.listen.port == 1111)
            #expect(byFile.institution == "From the file")
            let byEnvironment = try Settings(flags: ["data": folder], config: nil, environment: environment)
            #expect(byEnvironment.listen.port == 2222)
            let byFlag = try Settings(
                flags: ["data": folder, "listen": "127.0.0.1:3333"], config: nil, environment: environment)
            #expect(byFlag.listen.port == 3333)
        }
    }

    @Test(arguments: ["lisden: 127.0.0.1:1", "listen: [1, 2]", "- a\n- b", "a: : b", "demo: perhaps", "demo-days: 400"])
    func aFileThatMakesNoSenseIsRefused(text: String) async throws {
        try await TemporaryFolder.with { folder in
            try write(text, to: "\(folder)/salus.yaml")
            let fault = #expect(throws: Fault.self) {
                try Settings(flags: ["data": folder], config: nil, environment: [:])
            }
            #expect(fault?.code == .invalidInput)
        }
    }

    @Test func aNamedFileMustExist() {
        #expect(throws: Fault.self) { try Settings(flags: [:], config: "/no/such/file.yaml", environment: [:]) }
    }

    @Test(arguments: ["8443", "host", "host:70000", ":1", "::1:8443", "[::1]"])
    func anAddressIsHostAndPort(text: String) {
        #expect(throws: Fault.self) { try Settings(flags: ["listen": text], config: nil, environment: [:]) }
    }

    @Test func aCertificateAndItsKeyAreNamedTogether() throws {
        let both = try Settings(
            flags: ["certificate": "a.pem"], config: nil, environment: ["SALUS_CERTIFICATE_KEY": "a.key"])
        #expect(both.certificate == CertificateFiles(certificate: "a.pem", key: "a.key"))
        for one in ["certificate", "certificate-key"] {
            #expect(throws: Fault.self) { try Settings(flags: [one: "a.pem"], config: nil, environment: [:]) }
        }
    }

    @Test func theTimeZoneIsNamedOrTheMachines() async throws {
        let named = try Settings(flags: [:], config: nil, environment: ["SALUS_TIME_ZONE": "Asia/Tokyo"])
        #expect(named.localTime.name == "Asia/Tokyo")
        #expect(try Settings(flags: [:], config: nil, environment: [:]).localTime.name == TimeZone.current.identifier)
        let fault = #expect(throws: Fault.self) {
            try Settings(flags: [:], config: nil, environment: ["SALUS_TIME_ZONE": "Europe/Berln"])
        }
        #expect(fault?.code == .invalidInput && fault?.message.contains("Europe/Berln") == true)
        try await TemporaryFolder.with { folder in
            try write("time-zone: Mars/Olympus", to: "\(folder)/salus.yaml")
            #expect(throws: Fault.self) { try Settings(flags: ["data": folder], config: nil, environment: [:]) }
        }
    }

    @Test func theReferenceIsTrue() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Documentation/reference.md")
        let written = try String(contentsOf: path, encoding: .utf8)
        #expect(written == Reference.text + "\n", "run: salus reference > Documentation/reference.md")
    }

    @Test func everyFactHasAVersionAndIsDeclaredOnce() {
        let ids = Practices.facts.map(\.id)
        #expect(Set(ids).count == ids.count)
        for id in ids { #expect(id.contains(/^[a-z]+\.[a-z-]+\.v[0-9]+$/), "\(id)") }
    }

    @Test func linksNameTheConsoleAsPeopleReachIt() throws {
        func address(_ listen: String, _ names: String?) throws -> String {
            var environment = ["SALUS_LISTEN": listen]
            environment["SALUS_NAMES"] = names
            let settings = try Settings(flags: [:], config: nil, environment: environment)
            return settings.address(port: settings.listen.port)
        }
        #expect(try address("127.0.0.1:9000", nil) == "https://localhost:9000")
        #expect(
            try address("0.0.0.0:8443", "salus.clinic.example, other.example") == "https://salus.clinic.example:8443")
        #expect(try address("0.0.0.0:443", "salus.clinic.example") == "https://salus.clinic.example")
        #expect(try address("127.0.0.1:0", "") == "https://localhost:8443")
    }
}

/// The reference names what the house measures, and nothing else.
struct MeasureListTests {
    @Test func everyMeasureIsInTheReference() async throws {
        let read = try await EstateFixture.withEstate { estate in estate.posture.probes.map(\.measure.id) }
        #expect(read.sorted() == Practices.measures.map(\.id).sorted())
    }
}
