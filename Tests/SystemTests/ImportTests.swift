// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite("Import of Synthea by command", .enabled(if: Synthea.isThere, "no Synthea corpus"))
struct ImportTests {
    @Test func everythingIsInExactlyOnce() async throws {
        try await Installation.with(copyOf: try await Templates.shared.synthea()) { installation in
            #expect(try await installation.salus("records", "list", "--json").output == Synthea.list + "\n")
            let before = try await installation.verified()
            // One leaf for each file of a patient, one for each of the two others, one for the keys.
            #expect(before.leaves == 43)
            let again = try await installation.salus("records", "import", Synthea.folder, "--json")
            let said = try JSON.object(again)
            #expect(said["known"] as? Int == 42 && said["files"] as? Int == 0 && said["added"] as? Int == 0)
            #expect(try await installation.salus("records", "list", "--json").output == Synthea.list + "\n")
            #expect(try await installation.verified() == before)
        }
    }

    @Test func nothingOfAPatientIsReadableInTheFolderOrInAServersLog() async throws {
        try await Installation.with(copyOf: try await Templates.shared.synthea()) { installation in
            let (physician, logs) = try await Self.readCharts(installation)
            #expect(physician > 3)
            let needles = try await Needles.ofSynthea(installation.folder)
            #expect(needles.find(Array(logs.utf8)) == [])
            let files = try installation.files()
            #expect(files.contains("salus.db") && files.contains { $0.hasPrefix("ledger/tile/entries") })
            for file in files {
                let bytes = try #require(FileManager.default.contents(atPath: "\(installation.data)/\(file)"))
                #expect(needles.find(Array(bytes)) == [], "\(file)")
            }
        }
    }

    @Test func onPostgreSQLTheSame() async throws {
        guard let postgres = try PostgresServer.shared() else { return }
        let name = try postgres.makeDatabase()
        try await Installation.with(database: postgres.url(name)) { installation in
            let unpacked = "\(installation.folder)/json"
            try await Synthea.unpack(into: unpacked)
            let first = try await installation.salus("records", "import", unpacked)
            #expect(first.status == 0, "\(first.errors)")
            #expect(try await installation.salus("records", "list", "--json").output == Synthea.list + "\n")
            let before = try await installation.verified()
            #expect(before.leaves == 43)
            #expect(try await installation.salus("records", "import", unpacked).status == 0)
            #expect(try await installation.salus("records", "list", "--json").output == Synthea.list + "\n")
            #expect(try await installation.verified() == before)

            let (_, logs) = try await Self.readCharts(installation)
            let needles = try await Needles.ofSynthea(installation.folder)
            #expect(needles.find(Array(logs.utf8)) == [])
            let dump = try postgres.dump(name)
            #expect(dump.count > 50_000_000)
            #expect(needles.find(Needles.decodingHex(dump)) == [])
        }
    }

    /// Signs in as a physician and reads charts; returns how many, and all that the server wrote meanwhile.
    private static func readCharts(_ installation: Installation) async throws -> (Int, String) {
        try await installation.serving(environment: ["SALUS_LOG_LEVEL": "debug"]) { server async throws in
            let added = try await installation.salus(
                "people", "add", "--login", "grace", "--name", "Grace Adeyemi", "--role", "physician",
                "--url", server.address)
            guard let link = added.output.split(separator: " ").last?.split(separator: "\n").first else {
                throw TestSupportError(added.words)
            }
            let browser = server.browser()
            _ = try await browser.enrol(
                String(link), login: "grace", name: "Grace Adeyemi", password: "seven blue herons fly")
            var charts = 0
            for path in try await browser.charts(atLeast: 6).prefix(6) {
                let chart = try await browser.get(path)
                #expect(chart.status == 200, "\(path)")
                charts += 1
            }
            // What goes wrong must not say too much either.
            #expect(try await browser.get("/records/Patient?q=%00%ff").status >= 400)
            #expect(try await server.stop() == 0)
            return (charts, server.running.output + server.running.errors)
        }
    }
}
