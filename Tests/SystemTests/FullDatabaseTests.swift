// SPDX-License-Identifier: Apache-2.0

import Foundation
import OneTimePassword
import TestSupport
import Testing

@Suite("A database server whose disk is full")
struct FullDatabaseTests {
    private static let password = "seven blue herons fly"
    private static let bundle = """
        {"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"p1",\
        "name":[{"family":"Muster"}]}},{"resource":{"resourceType":"Observation","id":"first","status":"final",\
        "subject":{"reference":"Patient/p1"},"code":{"text":"HbA1c"}}}]}
        """

    @Test(.enabled(if: SmallDisk.isPossible, "needs root"))
    func careGoesOnAndImportIsRefused() async throws {
        guard let postgres = try PostgresServer.own(disk: 128) else { return }
        let name = try postgres.makeDatabase()
        try await Installation.with(database: postgres.url(name)) { installation in
            try write(Self.bundle, to: "\(installation.folder)/few.json")
            try write(DiskTests.bundle, to: "\(installation.folder)/many.json")
            let first = try await installation.salus("records", "import", "\(installation.folder)/few.json")
            #expect(first.status == 0, "\(first.words)")
            try await installation.serving { server async throws in
                let (browser, phone) = try await Self.physician(installation, server)
                let chart = try #require(try await browser.charts(atLeast: 1).first)
                #expect(try postgres.reserve(name) == 16 << 20)

                try postgres.fillDisk()
                try await Self.refused(installation, "no space left on the database server")
                try await Self.care(server, postgres, name, browser, phone, chart)
                #expect(try postgres.reserve(name) == 0)
                #expect(try await Self.reserveState(installation) == "not-met")
                try await Self.refused(installation, "no space left on the disk of the database server")
                _ = try await installation.verified()

                try postgres.clearDisk()
                try postgres.forgetAttempt(name)
                let many = try await installation.salus("records", "import", "\(installation.folder)/many.json")
                #expect(many.status == 0, "\(many.words)")
                #expect(try postgres.reserve(name) == 16 << 20)
                #expect(try await Self.reserveState(installation) == "met")
                #expect(try await server.stop() == 0, "\(server.running.errors)")
                #expect(!server.running.errors.contains("Fatal error"))
            }
            _ = try await installation.verified()
        }
    }

    private static func physician(_ installation: Installation, _ server: Server) async throws -> (Browser, TOTP) {
        let added = try await installation.salus(
            "people", "add", "--login", "grace", "--name", "Grace Adeyemi", "--role", "physician", "--json")
        let welcome = try #require(try JSON.object(added)["welcome"] as? String)
        let browser = server.browser()
        return (
            browser,
            try await browser.enrol(welcome, login: "grace", name: "Grace Adeyemi", password: password)
        )
    }

    private static func refused(_ installation: Installation, _ words: String) async throws {
        let said = try await installation.salus("records", "import", "\(installation.folder)/many.json")
        #expect(said.status == 1)
        #expect(said.errors.lowercased().contains(words), "\(said.words)")
    }

    /// Reads the chart until the tables have no room of their own left, and then some more; signs in.
    private static func care(
        _ server: Server, _ postgres: PostgresServer, _ name: String, _ browser: Browser, _ phone: TOTP,
        _ chart: String
    ) async throws {
        let before = try postgres.leaves("vault.chart-read.v1", name)
        var read = 0
        while try postgres.reserve(name) > 0, read < 2_000 {
            #expect(try await browser.get(chart).status == 200)
            read += 1
        }
        let other = server.browser()
        #expect(try await other.signIn("grace", password, phone).status == 303)
        #expect(try await other.get(chart).status == 200)
        let deadline = ContinuousClock.now + .seconds(30)
        while try postgres.leaves("vault.chart-read.v1", name) < before + read + 1, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(try postgres.leaves("vault.chart-read.v1", name) == before + read + 1)
        #expect(try postgres.leaves("identity.signed-in.v1", name) >= 1)
    }

    private static func reserveState(_ installation: Installation) async throws -> String? {
        let board = try JSON.object(try await installation.salus("posture", "--measure", "--json"))
        let lines = try #require(board["platform"] as? [[String: Any]])
        return lines.first { $0["measure"] as? String == "ledger.reserve" }?["state"] as? String
    }
}

extension PostgresServer {
    /// Bytes of the reserve; 0 when it was given up.
    fileprivate func reserve(_ name: String) throws -> Int {
        try number("SELECT coalesce(pg_relation_size(to_regclass('ledger_reserve')), 0)", name)
    }

    fileprivate func leaves(_ kind: String, _ name: String) throws -> Int {
        try number("SELECT count(*) FROM ledger_leaves WHERE kind = '\(kind)'", name)
    }

    /// Lets the next attempt to make the reserve follow at once.
    fileprivate func forgetAttempt(_ name: String) throws {
        try run("UPDATE ledger_reserve_state SET tried = 0", on: name)
    }

    private func number(_ sql: String, _ name: String) throws -> Int {
        try #require(Int(try query(sql, on: name).split(separator: "\n").first ?? ""))
    }
}
