// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Several servers on one PostgreSQL")
struct SharedStoreTests {
    @Test func actsThroughBothAreInOneLogAndEitherMayDie() async throws {
        guard let postgres = try PostgresServer.shared() else { return }
        let name = try postgres.makeDatabase()
        try await Installation.with(database: postgres.url(name)) { installation in
            let first = try await installation.up()
            defer { first.running.discard() }
            let browser = first.browser()
            _ = try await browser.enrol(
                try await first.welcome(), login: "ada", name: "Ada Okafor", password: "seven blue herons fly")
            let second = try await installation.up()
            defer { second.running.discard() }

            // A session of one is a session of the other, and its end is too.
            let other = Browser(address: second.address, jar: browser.jar)
            #expect(try await other.get("/people").status == 200)
            let acts = try await Self.refusals(browser, other)
            #expect(acts == 40)
            try await Self.expect(acts, postgres, name)
            _ = try await installation.verified()

            // Whoever of the two sequences now: each is killed once, and the other goes on.
            try await first.running.destroy()
            #expect(try await Self.refusals(other) == 10)
            try await Self.expect(acts + 10, postgres, name)
            let third = try await installation.up()
            defer { third.running.discard() }
            try await second.running.destroy()
            let last = Browser(address: third.address, jar: browser.jar)
            #expect(try await Self.refusals(last) == 10)
            try await Self.expect(acts + 20, postgres, name)
            #expect(try await third.stop() == 0)
            _ = try await installation.verified()
        }
    }

    /// Ten refusals in each browser at once; returns how many were answered.
    private static func refusals(_ browsers: Browser...) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for browser in browsers + (browsers.count > 1 ? browsers : []) {
                group.addTask {
                    var asking = browser
                    asking.takesCookies = false
                    var answered = 0
                    for _ in 0..<10 {
                        let path = "/records/0190a5b2-0000-7000-8000-000000000000"
                        if try await asking.get(path).status == 403 { answered += 1 }
                    }
                    return answered
                }
            }
            return try await group.reduce(0, +)
        }
    }

    /// Waits until so many refusals have their place in the log.
    private static func expect(_ count: Int, _ postgres: PostgresServer, _ name: String) async throws {
        let sql = "SELECT count(*) FROM ledger_leaves WHERE kind = 'access.refused.v1'"
        let deadline = ContinuousClock.now + .seconds(30)
        var found = ""
        repeat {
            found = try postgres.query(sql, on: name).split(separator: "\n").first.map(String.init) ?? ""
            if found == "\(count)" { break }
            try await Task.sleep(for: .milliseconds(100))
        } while ContinuousClock.now < deadline
        #expect(found == "\(count)")
    }

    @Test func aKilledBackendLosesNothingAndTheServerGoesOn() async throws {
        guard let postgres = try PostgresServer.own() else { return }
        let name = try postgres.makeDatabase()
        try await Installation.with(database: postgres.url(name)) { installation in
            let server = try await installation.up()
            defer { server.running.discard() }
            let browser = server.browser()
            _ = try await browser.enrol(
                try await server.welcome(), login: "ada", name: "Ada Okafor", password: "seven blue herons fly")
            var acknowledged = 0
            for _ in 0..<(Program.isLong ? 20 : 3) {
                acknowledged += try await Self.refusals(browser)
                let backends = try postgres.query(
                    "SELECT pid FROM pg_stat_activity WHERE datname = '\(name)' AND pid <> pg_backend_pid()", on: name)
                let pid = try #require(backends.split(separator: "\n").compactMap { Int32($0) }.first)
                // PostgreSQL answers the death of one backend by ending all and recovering.
                kill(pid, SIGKILL)
                try await Self.recovery(of: server)
            }
            acknowledged += try await Self.refusals(browser)
            #expect(acknowledged >= 30)
            #expect(try await server.stop() == 0, "\(server.running.errors)")
            _ = try await installation.verified()
            let written = try postgres.query(
                "SELECT count(*) FROM ledger_leaves WHERE kind = 'access.refused.v1'", on: name)
            #expect(Int(written.split(separator: "\n").first ?? "") ?? 0 >= acknowledged)
        }
    }

    private static func recovery(of server: Server) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await server.browser().get("/readyz").status != 200 {
            guard ContinuousClock.now < deadline else {
                throw TestSupportError("not ready again: \(server.running.errors.suffix(4_000))")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
