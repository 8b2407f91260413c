// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import ResticFormat
import TestSupport
import Testing

@testable import Backup

/// Backups of a real server that is written to, restored and started.
@Suite(.serialized)
struct PostgresTrialTests {
    /// A restored data folder.
    private struct Restored {
        let folder: String
        let server: PostgresServer
        let sample: FileSample

        var data: String { "\(folder)/out/postgres/clinic/data" }

        /// What runs of a trial of this folder.
        var leftovers: [String] {
            let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return processes.filter { number in
                guard Int(number) != nil else { return false }
                let words = FileManager.default.contents(atPath: "/proc/\(number)/cmdline") ?? Data()
                let text = String(decoding: words, as: UTF8.self)
                return text.contains("/tmp/salus-trial-") && text.contains("postgres")
            }
        }
    }

    /// Backs a server up while it is written to, restores that, and calls `work`; skips where PostgreSQL or root is missing.
    private static func with(_ work: (Restored) async throws -> Void) async throws {
        guard let server = try PostgresServer.own(checksums: true) else { return }
        try await TemporaryFolder.with { folder in
            let database = try server.makeDatabase()
            try server.run(
                """
                CREATE TABLE patients (id bigint PRIMARY KEY, note text);
                INSERT INTO patients SELECT g, repeat('x', 300) FROM generate_series(1, 20000) g
                """, on: database)
            let repository = try await Repository.create(
                at: LocalPlace("\(folder)/repository"), password: Array("p".utf8), who: .current)
            let source = PostgresSource(connection: server.socketURL(database), name: "clinic")
            let sampler = FileSampler(key: Array(repeating: 1, count: 32))
            var run = BackupRun(repository: repository, who: .current, source: source, programVersion: "")
            run.sampler = sampler
            let ready = run
            let outcome = try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 0..<30 {
                        try server.run(
                            "INSERT INTO patients VALUES (\(100_000 + number), 'meanwhile')", on: database)
                    }
                }
                let outcome = try await ready.run(BackupProgress())
                try await group.waitForAll()
                return outcome
            }
            let failures = outcome.report.failures
            #expect(failures.isEmpty)
            let (index, _) = try await LoadedIndex.load(repository)
            let restorer = Restorer(
                blobs: BlobReader(repository: repository, index: index), target: "\(folder)/out",
                selection: RestoreSelection(includes: PathPatterns([]), excludes: PathPatterns([])), verifies: false,
                isDryRun: false, progress: RestoreProgress())
            try await restorer.restore(outcome.tree)
            let restored = Restored(folder: folder, server: server, sample: sampler.sample)
            try await work(restored)
            #expect(restored.leftovers.isEmpty)
        }
    }

    @Test
    func aRestoredServerAnswers() async throws {
        try await Self.with { restored in
            // Before it starts, its files have the hashes that the server told.
            let comparison = try SampleComparison(restored.sample, below: "\(restored.folder)/out")
            #expect(comparison.matching == FileSampler.standardSize)
            #expect(comparison.lost == 0 && restored.sample.population > 900)
            let findings = try await PostgresTrial(dataFolder: restored.data).run()
            #expect(findings.isWhole)
            #expect(findings.hasChecksums)
            #expect(findings.databases == ["postgres", "template1", "test_1"])
            #expect((20_000...20_030).contains(findings.rows))
            #expect(findings.tablesCounted == 1)
            #expect(findings.relationsChecked > 100)
            let version = try PostgresPrograms(for: restored.data).version
            #expect(findings.serverVersion.hasPrefix(version))
            #expect(findings.lastCommit != nil)
            if geteuid() == 0 { #expect(findings.isNetworkCut) }
            try Self.damage(restored)
            let damaged = try await PostgresTrial(dataFolder: restored.data).run()
            #expect(!damaged.isWhole)
            #expect(damaged.checksumFailures == 1)
            #expect(!damaged.amcheckErrors.isEmpty)
            #expect(!damaged.amcheckErrors.contains { $0.contains("xxxx") })
        }
    }

    /// Changes a page in the middle of a table.
    private static func damage(_ restored: Restored) throws {
        let path = try restored.server.query("SELECT pg_relation_filepath('patients')", on: "test_1")
        let file = "\(restored.data)/\(path.trimmingCharacters(in: .whitespacesAndNewlines))"
        let descriptor = try Descriptor(opening: Array(file.utf8), O_RDWR)
        try descriptor.write(Array(repeating: 0x5A, count: 64)[...], at: 3 * 8_192 + 4_000)
    }

    /// Whoever waits for a trial may stop waiting at any moment.
    @Test
    func nothingIsLeftOfATrialThatEndsEarly() async throws {
        try await Self.with { restored in
            for milliseconds in [30, 200, 800] {
                let trial = PostgresTrial(dataFolder: restored.data)
                let task = Task { try await trial.run() }
                try await Task.sleep(for: .milliseconds(milliseconds))
                task.cancel()
                let result = await task.result
                if case .success = result { Issue.record("it was not cancelled after \(milliseconds) ms") }
                #expect(restored.leftovers.isEmpty)
            }
            let log = "\(restored.data)/pg_wal"
            for name in try FileManager.default.contentsOfDirectory(atPath: log) where name.utf8.count == 24 {
                try FileManager.default.removeItem(atPath: "\(log)/\(name)")
            }
            do {
                _ = try await PostgresTrial(dataFolder: restored.data).run()
                Issue.record("it started without its log")
            } catch TrialError.ended(let words) {
                // On a slow machine the server still says only that it is recovering.
                #expect(words.contains("checkpoint record") || words.contains("recovery mode"))
            }
        }
    }

    @Test
    func aVersionThatIsNotInstalledIsNamed() async throws {
        try await TemporaryFolder.with { folder in
            try Data("99\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/PG_VERSION"))
            await #expect(throws: TrialError.noServer(version: "99")) {
                _ = try await PostgresTrial(dataFolder: folder).run()
            }
            await #expect(throws: TrialError.noCluster) {
                _ = try await PostgresTrial(dataFolder: "\(folder)/nothing").run()
            }
        }
    }
}
