// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Faults that an operator meets")
struct FaultTests {
    @Test func aWrongRecoveryPhraseIsRefusedAndWritesNothing() async throws {
        try await Installation.with { installation in
            try await installation.opensAndCloses()
            let new = "\(installation.folder)/new-key"
            let words: [([String], Int32, String)] = [
                (Array(repeating: "abandon", count: 23) + ["art"], 4, "another installation"),
                (Array(repeating: "abandon", count: 24), 2, "A word is wrong"),
                (Array(repeating: "abandon", count: 23) + ["arts"], 2, "Word 24"),
                (["abandon", "art"], 2, "24 words; these are 2"),
            ]
            for (phrase, status, message) in words {
                let said = try await Program.run(
                    ["keys", "recovery", "--restore", "--data", installation.data, "--key-file", new],
                    input: phrase.joined(separator: " ") + "\n")
                #expect(said.status == status)
                #expect(said.errors.contains(message), "\(said.words)")
                #expect(!FileManager.default.fileExists(atPath: new))
            }
            _ = try await installation.verified()
        }
    }

    @Test func aLostKeyFileIsNamedWithTheWayOut() async throws {
        try await Installation.with { installation in
            try await installation.opensAndCloses()
            try FileManager.default.moveItem(atPath: installation.keyFile, toPath: installation.folder + "/aside")
            let said = try await installation.salus("up", "--listen", "127.0.0.1:0")
            #expect(said.status == 1)
            #expect(said.errors.contains(installation.keyFile) && said.errors.contains("is missing"))
            #expect(said.errors.contains("salus keys recovery --restore"))
            #expect(!FileManager.default.fileExists(atPath: installation.keyFile), "a new key would lose everything")
            // The log is verified without any key.
            _ = try await installation.verified()
            try FileManager.default.moveItem(atPath: installation.folder + "/aside", toPath: installation.keyFile)
            try await installation.opensAndCloses()
        }
    }

    @Test func thePhraseOnTheTerminalMakesANewKeyFile() async throws {
        try await Installation.with { installation in
            try await installation.opensAndCloses()
            let refused = try await installation.salus("keys", "recovery", "--show")
            #expect(refused.status == 4)
            #expect(refused.errors.contains("on a terminal only"))

            let words = try await Self.phrase(of: installation)
            #expect(words.count == 24)
            try FileManager.default.removeItem(atPath: installation.keyFile)
            let restored = try await installation.salus(
                "keys", "recovery", "--restore", input: words.joined(separator: "\n"))
            #expect(restored.status == 0, "\(restored.words)")
            #expect(restored.output == "new key file: \(installation.keyFile)\n")
            try await installation.serving { server async throws in
                #expect(try await server.browser().get("/readyz").status == 200)
                #expect(try await server.stop() == 0)
            }
            // The phrase was confirmed, so it is forgotten.
            let again = try await Self.phrase(of: installation)
            #expect(again.isEmpty)
            _ = try await installation.verified()
        }
    }

    /// Asks for the phrase on a terminal, which `script` plays, and says yes.
    private static func phrase(of installation: Installation) async throws -> [String] {
        let command = ([Program.path, "keys", "recovery", "--show"] + installation.options).joined(separator: " ")
        let said = try await Program.run(
            "/usr/bin/script", ["-qec", command, "/dev/null"], input: "yes\n", in: installation.folder)
        return said.output.matches(of: /\d+ {2}([a-z]{3,8})\b/).map { String($0.1) }
    }

    @Test func anotherInstallationsKeyFileIsNamed() async throws {
        try await Installation.with { installation in
            try await installation.opensAndCloses()
            try FileManager.default.removeItem(atPath: installation.keyFile)
            let other = Installation(folder: installation.folder + "/other")
            try FileManager.default.createDirectory(atPath: other.folder, withIntermediateDirectories: false)
            try await other.opensAndCloses()
            try FileManager.default.copyItem(atPath: other.keyFile, toPath: installation.keyFile)
            let said = try await installation.salus("status")
            #expect(said.status == 1)
            #expect(said.errors.contains("\(installation.keyFile) does not open this installation"))
            try write("hello\n", to: installation.keyFile)
            let none = try await installation.salus("status")
            #expect(none.status == 2)
            #expect(none.errors.contains("\(installation.keyFile) is not a Salus key file"))
        }
    }

    @Test func postgreSQLThatDoesNotAnswerOrDoesNotLetUsIn() async throws {
        try await Installation.with(database: "postgresql://salus:secret-word@127.0.0.1:\(try freePort())/salus") {
            installation in
            let said = try await installation.salus("up", "--listen", "127.0.0.1:0")
            #expect(said.status == 1)
            #expect(said.errors.contains("the database server cannot be reached"), "\(said.words)")
            #expect(!said.words.contains("secret-word"))
        }
        guard let postgres = try PostgresServer.shared() else { return }
        let url = postgres.url(try postgres.makeDatabase(), password: "wrong-horse")
        try await Installation.with(database: url) { installation in
            let said = try await installation.salus("up", "--listen", "127.0.0.1:0")
            #expect(said.status == 1)
            #expect(said.errors.contains("password"), "\(said.words)")
            #expect(!said.words.contains("wrong-horse"))
        }
    }

    @Test(.enabled(if: Clock.isPossible, "no C compiler"))
    func aClockThatIsSetBackADayStopsNothing() async throws {
        try await Installation.with { installation in
            let clock = try await Clock(in: installation.folder)
            let server = try await installation.up(environment: clock.environment)
            defer { server.running.discard() }
            let browser = server.browser()
            _ = try await browser.enrol(
                try await server.welcome(), login: "ada", name: "Ada Okafor", password: "seven blue herons fly")
            try clock.move(by: -86_400)
            let before = try await installation.verified()
            for _ in 0..<5 { #expect(try await browser.get("/records/nobody").status == 403) }
            // Places are given out within half a second, also to leaves that seem older than their neighbours.
            try await Self.grows(installation, beyond: before.leaves + 4)
            let status = try await server.stop()
            #expect(status == 0, "\(server.running.errors)")
            try await installation.serving(environment: clock.environment) { again in
                #expect(try await again.browser().get("/readyz").status == 200)
                try clock.move(by: 86_400)
                _ = try await again.browser().post("/sign-in", ["login": "nobody", "password": "x"])
                #expect(try await again.stop() == 0)
            }
            _ = try await installation.verified()
        }
    }

    private static func grows(_ installation: Installation, beyond leaves: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while try await installation.verified().leaves <= leaves {
            guard ContinuousClock.now < deadline else { throw TestSupportError("nothing is sequenced any more") }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
