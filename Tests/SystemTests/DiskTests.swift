// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Disks that are full, read-only or damaged")
struct DiskTests {
    @Test(.enabled(if: SmallDisk.isPossible, "needs root"))
    func onAReadOnlyDiskNothingStartsAndTheReasonIsSaid() async throws {
        try await Installation.with { installation in
            try await SmallDisk.with(at: installation.data, megabytes: 40) { disk in
                let none = "\(installation.folder)/none.json"
                try write(#"{"resourceType":"Organization","id":"o"}"#, to: none)
                let first = try await disk.salus(installation, "records", "import", none)
                #expect(first.status == 0, "\(first.words)")
                try await disk.shell("mount -o remount,ro \(installation.data)")
                let said = try await disk.salus(installation, "up", "--listen", "127.0.0.1:0")
                #expect(said.status == 1)
                #expect(said.errors.contains(installation.data), "\(said.words)")
                #expect(said.errors.contains("mount"), "\(said.words)")
                try await Self.verifiesTheLogAlone(installation, disk)
                try await disk.shell("mount -o remount,rw \(installation.data)")
                #expect(try await disk.salus(installation, "status").status == 0)
                #expect(try await disk.salus(installation, "ledger", "verify").status == 0)
            }
        }
    }

    /// On a read-only disk: a whole log, and one with a byte changed.
    private static func verifiesTheLogAlone(_ installation: Installation, _ disk: SmallDisk) async throws {
        let whole = try await disk.salus(installation, "ledger", "verify")
        #expect(whole.status == 0, "\(whole.words)")
        #expect(whole.output.contains("note: nothing may be written in \(installation.data)"), "\(whole.words)")
        #expect(whole.output.contains("the store was not compared") && whole.output.contains("verified: "))
        let remount = "mount -o remount,%s \(installation.data)"
        let change = "printf X | dd of=\(installation.ledger)/checkpoint bs=1 seek=3 conv=notrunc 2> /dev/null"
        let keep = "cp \(installation.ledger)/checkpoint \(installation.folder)/kept"
        let writable = remount.replacing("%s", with: "rw")
        let readOnly = remount.replacing("%s", with: "ro")
        try await disk.shell("\(writable) && \(keep) && \(change) && \(readOnly)")
        let damaged = try await disk.salus(installation, "ledger", "verify")
        #expect(damaged.status == 6, "\(damaged.words)")
        #expect(damaged.output.contains("the store was not compared") && damaged.output.contains("damaged: "))
        try await disk.shell(
            "\(writable) && cat \(installation.folder)/kept > \(installation.ledger)/checkpoint && \(readOnly)")
    }

    @Test(.enabled(if: SmallDisk.isPossible && Synthea.isThere, "needs root and the Synthea corpus"))
    func onAFullDiskCareGoesOnAndImportIsRefused() async throws {
        try await Installation.with { installation in
            let unpacked = "\(installation.folder)/json"
            try await Synthea.unpack(into: unpacked, least: 2)
            try await SmallDisk.with(at: installation.data, megabytes: 60) { disk in
                let imported = try await disk.salus(installation, "records", "import", unpacked)
                #expect(imported.status == 0, "\(imported.words)")
                try await serveOnAFullDisk(installation, disk)
                let whileFull = try await disk.salus(installation, "ledger", "verify")
                #expect(whileFull.status == 0, "\(whileFull.words)")
                try await disk.shell("rm \(installation.data)/filler")
                #expect(try await disk.salus(installation, "keys", "rotate").status == 0)
                let afterwards = try await disk.salus(installation, "ledger", "verify")
                #expect(afterwards.status == 0, "\(afterwards.words)")
            }
        }
    }

    private func serveOnAFullDisk(_ installation: Installation, _ disk: SmallDisk) async throws {
        let running = try disk.start(["up", "--listen", "127.0.0.1:0"] + installation.options)
        defer { running.discard() }
        let server = Server(
            running: running, console: try await running.line("console: "), folder: installation.folder)
        let added = try await disk.salus(
            installation, "people", "add", "--login", "grace", "--name", "Grace Adeyemi", "--role", "physician",
            "--json")
        let welcome = try #require(try JSON.object(added)["welcome"] as? String)
        let browser = server.browser()
        let phone = try await browser.enrol(
            welcome, login: "grace", name: "Grace Adeyemi", password: "seven blue herons fly")
        let chart = try #require(try await browser.charts(atLeast: 1).first)
        #expect(try await browser.get(chart).status == 200)

        try await disk.shell("dd if=/dev/zero of=\(installation.data)/filler bs=64k 2> /dev/null || true")
        try write(Self.bundle, to: "\(installation.folder)/more.json")
        let refused = try await disk.salus(installation, "records", "import", "\(installation.folder)/more.json")
        #expect(refused.status == 1)
        let words = refused.errors.lowercased()
        #expect(words.contains("no space left") && refused.errors.contains(installation.data), "\(words)")

        #expect(try await browser.get(chart).status == 200, "the chart is read from the reserve")
        let other = server.browser()
        let signedIn = try await other.signIn("grace", "seven blue herons fly", phone)
        #expect(signedIn.status == 303, "sign-in goes on from the reserve")
        #expect(try await other.get(chart).status == 200)
        _ = try await server.stop()
        #expect(!running.errors.contains("Fatal error"), "\(running.errors)")
    }

    /// One patient and enough observations to need space, also beyond what the store's own files have to spare.
    static var bundle: String {
        let observations = (0..<6_000).map { number in
            """
            {"resource":{"resourceType":"Observation","id":"o\(number)","status":"final",\
            "subject":{"reference":"Patient/px"},"code":{"text":"\(String(repeating: "long ", count: 400))"}},\
            "request":{"method":"PUT","url":"Observation/o\(number)"}}
            """
        }
        let patient = """
            {"resource":{"resourceType":"Patient","id":"px","name":[{"family":"Full"}]},\
            "request":{"method":"PUT","url":"Patient/px"}}
            """
        return """
            {"resourceType":"Bundle","type":"transaction","entry":[\(([patient] + observations).joined(separator: ","))]}
            """
    }

    @Test(.enabled(if: Synthea.isThere, "no Synthea corpus"))
    func aDamagedPageIsNamedAndTheRestStaysReadable() async throws {
        try await Installation.with(copyOf: try await Templates.shared.synthea()) { installation in
            let patients = try FileManager.default.contentsOfDirectory(atPath: Synthea.folder)
                .filter { !$0.hasPrefix("0-") }.map { String($0.prefix { $0 != "." }) }.sorted()
            try Self.damage(installation.store)
            var (whole, damaged) = (0, 0)
            for patient in patients {
                let said = try await installation.salus("records", "show", patient)
                switch said.status {
                case 0: whole += 1
                case 6:
                    damaged += 1
                    #expect(said.errors.contains("damaged"), "\(said.errors)")
                default: Issue.record("exit \(said.status): \(said.errors.suffix(2_000))")
                }
            }
            #expect(damaged >= 1, "the damage was not found")
            #expect(whole >= 20, "only \(whole) patients stayed readable")
            _ = try await installation.verified()
        }
    }

    @Test(.enabled(if: Synthea.isThere, "no Synthea corpus"))
    func onADamagedStoreCareGoesOn() async throws {
        try await Installation.with(copyOf: try await Templates.shared.synthea()) { installation in
            let password = "seven blue herons fly"
            let first = try await installation.up()
            let added = try await installation.salus(
                "people", "add", "--login", "grace", "--name", "Grace Adeyemi", "--role", "physician", "--json")
            let welcome = try #require(try JSON.object(added)["welcome"] as? String)
            let phone = try await first.browser().enrol(
                welcome, login: "grace", name: "Grace Adeyemi", password: password)
            _ = try await first.stop()

            try Self.damage(installation.store)
            let server = try await installation.up()
            // The readings that are taken at the start meet the damage.
            try await Task.sleep(for: .seconds(3))
            let browser = server.browser()
            let signedIn = try await browser.signIn("grace", password, phone)
            #expect(signedIn.status == 303, "signing in goes on")
            var read = 0
            for chart in try await browser.charts(atLeast: 10) where try await browser.get(chart).status == 200 {
                read += 1
            }
            #expect(read >= 5, "only \(read) charts could be read")
            server.running.discard()
            _ = try await installation.verified()
        }
    }

    /// Overwrites a stretch in the middle of the file, as a dying disk does.
    private static func damage(_ path: String) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        defer { try? file.close() }
        let size = try file.seekToEnd()
        var chance = Chance(seed: 4_096)
        try file.seek(toOffset: size / 2 / 4_096 * 4_096)
        try file.write(contentsOf: Data((0..<(16 * 4_096)).map { _ in UInt8.random(in: 0...255, using: &chance) }))
    }
}

/// A small disk of its own in memory, which only processes in its mount namespace see.
struct SmallDisk: Sendable {
    private let holder: Running

    /// Whether this user may make one; says so loudly when not, and fails then under `CI=true`.
    static let isPossible: Bool = {
        if geteuid() == 0 { return true }
        print("SKIPPED: tests of small disks need root")
        return ProcessInfo.processInfo.environment["CI"] == "true"
    }()

    /// Calls `body` with a new disk that is mounted at `folder`.
    static func with(
        at folder: String, megabytes: Int, isolation: isolated (any Actor)? = #isolation,
        _ body: (SmallDisk) async throws -> Void
    ) async throws {
        let script = """
            mkdir -p '\(folder)' && mount -t tmpfs -o size=\(megabytes)m,mode=0700 tmpfs '\(folder)'
            echo mounted
            exec sleep 600
            """
        let holder = try Program.start("/usr/bin/unshare", ["--mount", "/bin/sh", "-ec", script])
        defer { holder.discard() }
        _ = try await holder.line("mounted")
        try await body(SmallDisk(holder: holder))
    }

    private func inside(_ command: [String]) -> [String] {
        ["--target", "\(holder.pid)", "--mount", "--"] + command
    }

    /// Runs a command of the program where the disk is seen.
    func salus(_ installation: Installation, _ arguments: String...) async throws -> Finished {
        try await Program.run("/usr/bin/nsenter", inside([Program.path] + arguments + installation.options))
    }

    /// Starts the program where the disk is seen.
    func start(_ arguments: [String]) throws -> Running {
        try Program.start("/usr/bin/nsenter", inside([Program.path] + arguments))
    }

    /// Runs a line of shell where the disk is seen.
    func shell(_ line: String) async throws {
        let done = try await Program.run("/usr/bin/nsenter", inside(["/bin/sh", "-c", line]))
        guard done.status == 0 else { throw TestSupportError(done.words) }
    }
}
