// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kernel
import Ledger
import Logging
import Store
import TestSupport
import Testing

/// A disk that is really full: a small tmpfs in a mount namespace of its own, in which this program runs again.
@Suite struct FullDiskTests {
    private static let variable = "SALUS_TEST_FULL_DISK"
    private static let environment = ProcessInfo.processInfo.environment

    @Test func careGoesOnWhenTheDiskIsFull() async throws {
        if let folder = Self.environment[Self.variable] {
            try await fill(folder)
            #expect(FileManager.default.createFile(atPath: folder + ".passed", contents: nil))
            return
        }
        guard geteuid() == 0 else {
            if Self.environment["CI"] == "true" { Issue.record("a full disk needs root") }
            return print("SKIPPED: a full disk needs root (unshare, mount)")
        }
        try await TemporaryFolder.with { folder in
            let disk = folder + "/disk"
            try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
            let said = try runAgain(on: disk)
            if FileManager.default.fileExists(atPath: disk + ".passed") { return }
            if said.contains("unshare:") || said.contains("mount:"), Self.environment["CI"] != "true" {
                return print("SKIPPED: no mount namespace here: \(said)")
            }
            Issue.record("on the full disk: \(said)")
        }
    }

    private func runAgain(on disk: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        process.arguments =
            ["-m", "sh", "-c", #"mount -t tmpfs -o size=24m,mode=700 none "$0" && exec "$@""#, disk]
            + [try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")]
            + ["--testing-library", "swift-testing", "--filter", "FullDiskTests"]
        var environment = Self.environment
        environment[Self.variable] = disk
        process.environment = environment
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: said, as: UTF8.self)
    }

    /// Runs within the namespace.
    private func fill(_ folder: String) async throws {
        let store = try await Database.open(
            .sqlite(path: folder + "/salus.sqlite"), clock: ManualClock())
        try await store.migrate(
            EvidenceLog.migrations + [Migration(name: "test/0001", statements: ["CREATE TABLE act (bytes BYTES)"])])
        let reserve = FileReserve(path: folder + "/reserve", size: 4 << 20)
        let tiles = FileTileStore(folder: folder + "/ledger")
        let log = try await EvidenceLog(
            store: store, tiles: tiles, signingKey: LedgerFixture.key,
            institution: try #require(LedgerFixture.institution), reserve: reserve,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(reserve.state() == .held)
        try await act(store)
        try await log.settle()

        try occupy(folder + "/ballast")
        // Small acts may still fit into what SQLite has already; then there is no room left.
        let fault = await #expect(throws: Fault.self) { while true { try await act(store) } }
        #expect(fault?.code == .storageFull && fault?.message.contains(folder) == true)
        #expect(reserve.state() == .held)
        try await ordinaryReadsGoOn(store, log)

        for _ in 0..<20 { try await log.makingRoom { try await act(store, bytes: 1_000) } }
        #expect(reserve.state() == .released)
        await #expect(throws: Fault.self) { try await log.requireRoom() }
        #expect(throws: Fault.self) { try reserve.restore() }
        try await log.settle()
        try await verifies(tiles, store)

        try FileManager.default.removeItem(atPath: folder + "/ballast")
        try reserve.restore()
        #expect(reserve.state() == .held)
        try await log.requireRoom()
        try await act(store)
        try await log.settle()
        try await verifies(tiles, store)
        await store.close()
    }

    private func act(_ store: Database, bytes: Int = 60_000) async throws {
        try await store.write { tx in
            try tx.execute("INSERT INTO act (bytes) VALUES (?)", [.bytes([UInt8](repeating: 7, count: bytes))])
            try tx.record(LedgerFixture.fact(1))
        }
    }

    private func ordinaryReadsGoOn(_ store: Database, _ log: EvidenceLog) async throws {
        let acts = try await store.read { tx in try tx.row("SELECT count(*) FROM act")?.integer(0) }
        let leaves = try await log.pendingCount() + Int64(log.leaves(LeafQuery(limit: 10_000)).count)
        #expect(acts == leaves)
    }

    private func verifies(_ tiles: FileTileStore, _ store: Database) async throws {
        let result = try await LogVerification.verify(tiles, store: store)
        #expect(result.problems == [] && result.size > 20)
    }

    /// Leaves nothing on the disk.
    private func occupy(_ path: String) throws {
        let file = unsafe open(path, O_CREAT | O_WRONLY, 0o600)
        #expect(file >= 0)
        let block = [UInt8](repeating: 1, count: 4_096)
        while unsafe write(file, block, block.count) > 0 {}
        close(file)
    }
}
