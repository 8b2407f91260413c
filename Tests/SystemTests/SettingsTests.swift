// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite("Settings")
struct SettingsTests {
    @Test func theEnvironmentAloneIsEnough() async throws {
        try await Installation.with { installation in
            let port = try freePort()
            let environment = [
                "SALUS_DATA": installation.data, "SALUS_KEY_FILE": installation.keyFile,
                "SALUS_LISTEN": "127.0.0.1:\(port)", "SALUS_DEMO": "1", "SALUS_DEMO_DAYS": "0",
            ]
            let running = try Program.start(["up"], environment: environment, in: installation.folder)
            defer { running.discard() }
            let server = Server(
                running: running, console: try await running.line("console: "), folder: installation.folder)
            #expect(server.port == Int(port))
            #expect(try await server.browser().get("/healthz").status == 200)
            #expect(try await server.stop() == 0)
            #expect(FileManager.default.fileExists(atPath: installation.keyFile))
            #expect(try await installation.status()["synthetic"] as? Bool == true)
        }
    }

    @Test func aDatabaseFromTheEnvironment() async throws {
        guard let postgres = try PostgresServer.shared() else { return }
        let url = postgres.url(try postgres.makeDatabase())
        try await Installation.with { installation in
            let environment = ["SALUS_DATABASE": url]
            let status = try await installation.serving(environment: environment) { server async throws in
                let said = try await installation.salus("status", "--json", environment: environment)
                #expect(try await server.stop() == 0)
                return said
            }
            #expect(try JSON.object(status)["store"] as? String == "postgres")
            #expect(!FileManager.default.fileExists(atPath: installation.store))
        }
    }

    @Test func flagsBeatTheEnvironmentWhichBeatsTheFiles() async throws {
        try await Installation.with { installation in
            var ports: [Int] = []
            while ports.count < 4 {
                let port = Int(try freePort())
                if !ports.contains(port) { ports.append(port) }
            }
            try FileManager.default.createDirectory(atPath: installation.data, withIntermediateDirectories: true)
            try write("listen: 127.0.0.1:\(ports[0])\n", to: "\(installation.data)/salus.yaml")
            try write("listen: 127.0.0.1:\(ports[1])\n", to: "\(installation.folder)/other.yaml")
            let config = ["--config", "\(installation.folder)/other.yaml"]
            let environment = ["SALUS_LISTEN": "127.0.0.1:\(ports[2])"]
            let flag = ["--listen", "127.0.0.1:\(ports[3])"]
            #expect(try await port(installation, [], [:]) == ports[0])
            #expect(try await port(installation, config, [:]) == ports[1])
            #expect(try await port(installation, config, environment) == ports[2])
            #expect(try await port(installation, config + flag, environment) == ports[3])
        }
    }

    private func port(
        _ installation: Installation, _ arguments: [String], _ environment: [String: String]
    ) async throws -> Int {
        let running = try Program.start(
            ["up"] + installation.options + arguments, environment: environment, in: installation.folder)
        defer { running.discard() }
        let server = Server(
            running: running, console: try await running.line("console: "), folder: installation.folder)
        #expect(try await server.stop() == 0)
        return server.port
    }

    @Test(arguments: [
        ("lisen: 127.0.0.1:1\n", "lisen"), ("demo: perhaps\n", "demo"), ("listen: [1, 2]\n", "listen"),
        ("listen: nowhere\n", "nowhere"), ("- a\n- b\n", "salus.yaml"), ("a: b: c\n", "salus.yaml"),
    ])
    func aFileThatMakesNoSenseStopsTheStart(_ text: String, names name: String) async throws {
        try await Installation.with { installation in
            try FileManager.default.createDirectory(atPath: installation.data, withIntermediateDirectories: true)
            try write(text, to: "\(installation.data)/salus.yaml")
            let finished = try await installation.salus("up")
            #expect(finished.status == 2)
            #expect(finished.errors.contains(name), "\(finished.words)")
            #expect(!FileManager.default.fileExists(atPath: installation.store))
        }
    }

    @Test func aConfigurationFileThatWasNamedMustBeThere() async throws {
        try await Installation.with { installation in
            let finished = try await installation.salus("up", "--config", "/nowhere.yaml")
            #expect(finished.status == 2)
            #expect(finished.errors.contains("/nowhere.yaml"))
        }
    }

    @Test func theDemoFillsANewStoreAndMarksItForEver() async throws {
        try await Installation.with { installation in
            try await installation.serving(["--demo", "--demo-days", "7"]) { server async throws in
                #expect(try await server.browser().get("/sign-in").body.lowercased().contains("synthetic"))
                #expect(try await server.stop() == 0)
            }
            let full = try await installation.salus("records", "list", "--json")
            #expect(try JSON.object(full)["patients"] as? Int == 100)
            try await installation.opensAndCloses()
            #expect(try await installation.status()["synthetic"] as? Bool == true)
            #expect(try await installation.salus("records", "list", "--json").output == full.output)
        }
    }

    @Test func noDemoWinsOverTheEnvironmentAndARealStoreTakesNoDemo() async throws {
        try await Installation.with { installation in
            try await installation.serving(["--no-demo"], environment: ["SALUS_DEMO": "1"]) { server async throws in
                #expect(try await server.stop() == 0)
            }
            #expect(try await installation.status()["synthetic"] as? Bool == false)
            let list = try JSON.object(try await installation.salus("records", "list", "--json"))
            #expect(list["patients"] as? Int == 0)
            let refused = try await installation.salus("up", "--demo", "--listen", "127.0.0.1:0")
            #expect(refused.status == 4)
            #expect(refused.errors.contains("made for real patients"))
            #expect(try await installation.salus("demo").status == 4)
            #expect(try await installation.status()["synthetic"] as? Bool == false)
        }
    }
}

/// Writes a small file.
func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
}
