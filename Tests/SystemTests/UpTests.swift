// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestSupport
import Testing

@Suite("salus up")
struct UpTests {
    @Test func anEmptyFolderBecomesAnInstallationThatAnswersStopsAndComesBack() async throws {
        try await Installation.with { installation in
            let server = try await installation.up()
            defer { server.running.discard() }
            #expect(server.console == "https://localhost:\(server.port)/")
            let welcome = try await server.welcome()
            #expect(welcome.hasPrefix("https://localhost:\(server.port)/welcome/"))
            let browser = server.browser()
            #expect(try await browser.get("/healthz").status == 200)
            #expect(try await browser.get("/readyz").status == 200)
            #expect(try await browser.get(try #require(URL(string: welcome)?.path)).status == 200)
            let begun = ContinuousClock.now
            #expect(try await server.stop() == 0)
            #expect(ContinuousClock.now - begun < .seconds(5))

            let before = try await installation.verified()
            let key = FileManager.default.contents(atPath: installation.keyFile)
            let identity = FileManager.default.contents(atPath: installation.ledger + "/vkey")
            try await installation.serving { again async throws in
                #expect(try await again.browser().get("/healthz").status == 200)
                #expect(try await again.stop() == 0)
            }
            #expect(try await installation.verified().leaves > before.leaves)
            #expect(FileManager.default.contents(atPath: installation.keyFile) == key)
            #expect(FileManager.default.contents(atPath: installation.ledger + "/vkey") == identity)
        }
    }

    @Test func nobodyElseMayReadWhatLiesOnTheDisk() async throws {
        try await Installation.with { installation in
            try await installation.serving { _ async throws in
                // The authority's certificate is what browsers are given to trust.
                let paths = try installation.files().filter { $0 != "authority.pem" }
                for path in [""] + paths.map({ "/\($0)" }) {
                    let mode = try FileManager.default.attributesOfItem(atPath: installation.data + path)
                    let bits = try #require(mode[.posixPermissions] as? Int)
                    #expect(bits & 0o077 == 0, "\(path) has mode \(String(bits, radix: 8))")
                }
            }
            let mode = try FileManager.default.attributesOfItem(atPath: installation.keyFile)
            #expect(mode[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func twoOnOnePortSayWhichAndWhatToDo() async throws {
        try await Installation.with { installation in
            try await installation.serving { server async throws in
                try await TemporaryFolder.with { folder in
                    let other = Installation(folder: folder)
                    let finished = try await other.salus("up", "--listen", "127.0.0.1:\(server.port)")
                    #expect(finished.status == 1)
                    #expect(finished.errors.contains("Something already listens at 127.0.0.1:\(server.port)."))
                    #expect(finished.errors.contains("--listen HOST:PORT"))
                    #expect(!finished.output.contains("console:"))
                }
                #expect(try await server.browser().get("/healthz").status == 200)
            }
        }
    }

    @Test func theWelcomeLinkEndsWithTheFirstAdministrator() async throws {
        try await Installation.with { installation in
            try await installation.serving { server async throws in
                let browser = server.browser()
                _ = try await browser.enrol(
                    try await server.welcome(), login: "ada", name: "Ada Okafor", password: "seven blue herons fly")
                #expect(try await browser.get("/people").body.contains("Ada Okafor"))
                #expect(try await server.stop() == 0)
            }
            try await installation.serving { server async throws in
                #expect(try await server.browser().get("/healthz").status == 200)
                #expect(try await server.stop() == 0)
                #expect(!server.running.output.contains("welcome:"))
            }
        }
    }

    @Test func aStartThatIsCutShortIsRepeated() async throws {
        var chance = Chance(seed: 1)
        for round in 0..<(Program.isLong ? 60 : 12) {
            try await Installation.with { installation in
                let first = try installation.start("up", "--listen", "127.0.0.1:0")
                try await Task.sleep(for: chance.milliseconds(1...160))
                try await first.destroy()
                first.discard()
                try await installation.serving { server async throws in
                    #expect(try await server.browser().get("/healthz").status == 200, "round \(round)")
                    #expect(try await server.stop() == 0)
                }
                #expect(try await installation.verified().leaves > 0)
            }
        }
    }
}

/// Chance that is the same in each run.
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func milliseconds(_ range: ClosedRange<Int>) -> Duration {
        .milliseconds(Int.random(in: range, using: &self))
    }
}
