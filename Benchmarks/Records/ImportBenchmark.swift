// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Building
import Foundation
import Kernel
import Ledger
import Server
import Vault

/// Import of sealed resources a second beside unsealed ones.
struct ImportBenchmark {
    let corpus: Corpus
    let folder: String

    private struct Round {
        let sealed: Double
        let plain: Double
    }

    /// Measures, prints, and leaves the sealed installation of the last round in `folder`.
    func run() async throws {
        var rounds: [Round] = []
        var resources: Int64 = 0
        for _ in 0..<Workshop.rounds(standard: 3) {
            for name in ["data", "plain"] { try? FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
            let sealed = try await self.sealed()
            let plain = try await self.plain()
            guard sealed.count == plain.count else {
                throw BenchmarkError("\(sealed.count) resources sealed, \(plain.count) unsealed")
            }
            resources = sealed.count
            rounds.append(
                Round(
                    sealed: Double(resources) / sealed.duration.seconds,
                    plain: Double(resources) / plain.duration.seconds))
        }
        show(rounds, resources)
    }

    private func sealed() async throws -> (count: Int64, duration: Duration) {
        let console = try await OpenedConsole.open(data: "\(folder)/data", keyFile: "\(folder)/root.key")
        let records = try await RecordStore(console.house)
        let files = try SourceFile.find(corpus.files)
        let result = try await timed {
            try await RecordImport(records).take(files, by: .system) { _, outcome in
                if case .refused(let problem) = outcome { say("refused: \(problem)") }
            }
        }
        let count = try await records.inventory().resources
        try await console.house.ledger.settle()
        await console.close()
        return (count, result.duration)
    }

    private func plain() async throws -> (count: Int64, duration: Duration) {
        try FileManager.default.createDirectory(atPath: "\(folder)/plain", withIntermediateDirectories: true)
        let store = try await PlainStore(folder: "\(folder)/plain")
        let result = try await timed { try await store.take(corpus.files) }
        await store.close()
        return (result.value, result.duration)
    }

    private func show(_ rounds: [Round], _ resources: Int64) {
        say("Import: \(corpus.name), \(resources) resources in \(corpus.files.count) files, \(corpus.bytes >> 20) MiB;")
        say("unsealed: same parse, tables, look-ups and leaves, plain bytes, no keys and no keyed hashes.")
        say("Medians of \(rounds.count) rounds, each into new stores.")
        var report = Report(["", "resources/s", "MB/s", "unsealed ÷ sealed"])
        for (name, rates) in [("sealed", rounds.map(\.sealed)), ("unsealed", rounds.map(\.plain))] {
            let bytes = Double(corpus.bytes) / Double(resources) * rates.median / 1e6
            let ratio = name == "sealed" ? figure(rounds.map { $0.plain / $0.sealed }.median) : ""
            report.add([name, figure(rates.median), figure(bytes), ratio])
        }
        report.show()
    }
}
