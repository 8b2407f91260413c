// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Power cuts: kill -9 at any moment")
struct KillTests {
    @Test(.enabled(if: Synthea.isThere, "no Synthea corpus"))
    func anImportThatIsCutShortIsCarriedOn() async throws {
        var chance = Chance(seed: 15)
        var cuts = 0
        // The quicker the machine, the fewer cuts one import takes: begun anew until there were enough.
        while cuts < (Program.isLong ? 100 : 10) {
            try await Installation.with { installation in
                let unpacked = "\(installation.folder)/json"
                try await Synthea.unpack(into: unpacked)
                cuts += try await Self.cutImports(of: unpacked, installation, &chance)
                let last = try await installation.salus("records", "import", unpacked, within: .seconds(400))
                #expect(last.status == 0, "\(last.errors)")
                #expect(try await installation.salus("records", "list", "--json").output == Synthea.list + "\n")
                #expect(try await installation.verified().leaves == 43)
            }
        }
    }

    /// Imports and kills at random moments until an import comes to its end. Returns how many did not.
    private static func cutImports(
        of folder: String, _ installation: Installation, _ chance: inout Chance
    ) async throws -> Int {
        for cuts in 0..<200 {
            let importing = try installation.start("records", "import", folder)
            // A file is taken in whole or not at all, so on a slow machine more time must pass for one to get through.
            try await Task.sleep(for: chance.milliseconds(20...(600 + 40 * cuts)))
            let isCut = importing.isRunning
            try await importing.destroy()
            importing.discard()
            // Before that there is nothing to verify.
            if FileManager.default.fileExists(atPath: installation.ledger) { _ = try await installation.verified() }
            guard isCut else { return cuts }
        }
        Issue.record("no import came to its end")
        return 200
    }

    @Test func aKeyRotationThatIsCutShortIsCarriedOn() async throws {
        try await Installation.with { installation in
            let patients = try await Self.manyPatients(in: installation)
            let list = try await installation.salus("records", "list", "--json").output
            let start = ContinuousClock.now
            #expect(try await installation.salus("keys", "rotate").status == 0)
            // A rotation takes longer or shorter with what else the machine does, so what is waited follows it.
            var longest = max(Int((ContinuousClock.now - start) / .milliseconds(1)), 8)
            let keys = try #require(try await installation.status()["dataKeys"] as? Int)
            #expect(keys > patients)
            var chance = Chance(seed: 10)
            var (rounds, unfinished) = (0, 0)
            while rounds < (Program.isLong ? 100 : 10) || unfinished < 2 && rounds < 200 {
                rounds += 1
                let rotating = try installation.start("keys", "rotate")
                try await Task.sleep(for: chance.milliseconds(longest / 8...longest))
                let isCut = rotating.isRunning
                try await rotating.destroy()
                rotating.discard()
                let status = try JSON.object(try await installation.salus("keys", "status", "--json"))
                if status["outdated"] as? Int != 0 {
                    unfinished += 1
                } else {
                    longest = isCut ? longest * 5 / 4 : max(longest * 3 / 4, 8)
                }
                #expect(status["dataKeys"] as? Int == keys)
                #expect(try await installation.salus("records", "list", "--json").output == list)
                try await Self.opens(Int.random(in: 1...patients, using: &chance), installation)
                _ = try await installation.verified()
            }
            #expect(unfinished >= 2, "hardly any rotation was cut short")
            #expect(try await installation.salus("keys", "rotate").status == 0)
            let status = try JSON.object(try await installation.salus("keys", "status", "--json"))
            #expect(status["outdated"] as? Int == 0)
            for patient in stride(from: 1, through: patients, by: patients / 20) {
                try await Self.opens(patient, installation)
            }
        }
    }

    /// Imports patients, each of whom has a key: so many that a rotation takes its time. Returns how many.
    private static func manyPatients(in installation: Installation) async throws -> Int {
        let count = Program.isLong ? 20_000 : 2_000
        let lines = (1...count).map { number in
            #"{"resourceType":"Patient","id":"p\#(number)","name":[{"family":"Family\#(number)"}]}"# + "\n"
        }
        try write(lines.joined(), to: "\(installation.folder)/many.ndjson")
        let imported = try await installation.salus("records", "import", "\(installation.folder)/many.ndjson")
        #expect(imported.status == 0, "\(imported.errors)")
        return count
    }

    private static func opens(_ patient: Int, _ installation: Installation) async throws {
        let shown = try await installation.salus("records", "show", "p\(patient)")
        #expect(shown.status == 0 && shown.output.contains("Family\(patient)"), "\(shown.words)")
    }

    @Test(arguments: StoreKind.allCases)
    func whatWasAcknowledgedIsInTheLog(_ kind: StoreKind) async throws {
        guard let database = try kind.makeDatabase() else { return }
        try await Installation.with(database: database.url) { installation in
            let jar = try await Self.administrator(of: installation)
            var acknowledged = 0
            for round in 0..<(Program.isLong ? 40 : 8) {
                acknowledged += try await Self.refusals(installation, jar, round: round)
                _ = try await installation.verified()
            }
            try await installation.serving { server async throws in
                #expect(try await server.browser().get("/readyz").status == 200)
                #expect(try await server.stop() == 0)
            }
            _ = try await installation.verified()
            let written = try kind.leaves("access.refused.v1", of: installation, database.name)
            #expect(acknowledged > 0)
            #expect(written >= acknowledged, "\(acknowledged) were answered, \(written) are in the log")
        }
    }

    /// Sets the first administrator up and returns the browser's cookies.
    private static func administrator(of installation: Installation) async throws -> String {
        try await installation.serving { server async throws in
            let browser = server.browser()
            _ = try await browser.enrol(
                try await server.welcome(), login: "ada", name: "Ada Okafor", password: "seven blue herons fly")
            #expect(try await browser.get("/people").status == 200)
            #expect(try await server.stop() == 0)
            return browser.jar
        }
    }

    /// Serves, has several ask for what they may not see, and kills the server in the midst; returns how many were
    /// refused, each of which is an act with a leaf.
    private static func refusals(_ installation: Installation, _ jar: String, round: Int) async throws -> Int {
        try await installation.serving { server async throws in
            var chance = Chance(seed: UInt64(round))
            let patience = chance.milliseconds(200...700)
            return try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let browser = Browser(address: server.address, jar: jar, takesCookies: false)
                        var answered = 0
                        while try await browser.get("/records/0190a5b2-0000-7000-8000-000000000000").status == 403 {
                            answered += 1
                        }
                        return answered
                    }
                }
                try await Task.sleep(for: patience)
                try await server.running.destroy()
                return try await group.reduce(0, +)
            }
        }
    }
}

/// Both kinds of store.
enum StoreKind: String, CaseIterable, Sendable {
    case embedded
    case postgres

    /// A new database, with no address for the embedded store; nil where PostgreSQL is not installed.
    func makeDatabase() throws -> (name: String, url: String?)? {
        switch self {
        case .embedded: return ("", nil)
        case .postgres:
            guard let server = try PostgresServer.shared() else { return nil }
            let name = try server.makeDatabase()
            return (name, server.url(name))
        }
    }

    /// How many leaves of this kind the log has.
    func leaves(_ kind: String, of installation: Installation, _ name: String) throws -> Int {
        if self == .postgres, let server = try PostgresServer.shared() {
            let count = try server.query("SELECT count(*) FROM ledger_leaves WHERE kind = '\(kind)'", on: name)
            return Int(count.split(separator: "\n").first ?? "") ?? 0
        }
        // Entries are canonical JSON, one after the other.
        return try installation.files(below: "ledger").filter { $0.hasPrefix("tile/entries") }.reduce(0) { sum, file in
            let bytes = FileManager.default.contents(atPath: "\(installation.ledger)/\(file)") ?? Data()
            return sum + String(decoding: bytes, as: UTF8.self).ranges(of: "\"kind\":\"\(kind)\"").count
        }
    }
}
