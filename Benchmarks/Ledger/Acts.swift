// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Building
import Codecs
import Kernel
import Ledger
import Server
import Store

/// Acknowledged acts: a business row and its leaf, durable in one commit before the caller goes on.
struct Acts {
    private static let kind = FactKind("bench.act.v1", "Act of a benchmark")
    private let console: OpenedConsole
    private let tiles: FileTileStore

    /// A new installation in `folder`, with a table for the acts.
    init(folder: String) async throws {
        console = try await OpenedConsole.open(data: "\(folder)/data", keyFile: "\(folder)/root.key")
        tiles = FileTileStore(folder: "\(folder)/data/ledger")
        try await console.house.store.write { tx in
            try tx.execute(
                "CREATE TABLE bench_acts (id BYTES PRIMARY KEY, at BIGINT NOT NULL, note BYTES NOT NULL)")
        }
    }

    var log: EvidenceLog { console.house.ledger }

    /// Lets `writers` act for some seconds, each waiting for its acknowledgement before it acts again.
    func run(writers: Int, seconds: Double) async throws -> Throughput {
        let start = ContinuousClock.now
        let end = start.advanced(by: .seconds(seconds))
        let durations = try await withThrowingTaskGroup(of: [Duration].self) { group in
            for _ in 0..<writers { group.addTask { try await act(until: end) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let elapsed = ContinuousClock.now - start
        while try await log.pendingCount() > 0 { try await Task.sleep(for: .milliseconds(50)) }
        let settled = ContinuousClock.now - start
        let samples = Samples(durations)
        return Throughput(
            rate: Double(samples.count) / elapsed.seconds, p50: samples.percentile(0.5), p99: samples.percentile(0.99),
            sequenced: Double(samples.count) / settled.seconds)
    }

    private func act(until end: ContinuousClock.Instant) async throws -> [Duration] {
        let note = [UInt8](repeating: 7, count: 100)
        var durations: [Duration] = []
        var last = ContinuousClock.now
        while last < end {
            try await console.house.store.write { tx in
                let id = Identifier<Record>(at: tx.now)
                try tx.execute(
                    "INSERT INTO bench_acts (id, at, note) VALUES (?, ?, ?)",
                    [.bytes(id.bytes), .integer(tx.now.microseconds), .bytes(note)])
                try tx.record(Fact(Self.kind, by: .system, [.init("act", .string(id.description))]))
            }
            let now = ContinuousClock.now
            durations.append(now - last)
            last = now
        }
        return durations
    }

    /// Checks that every act is there and that the log over them is whole; the figures count for nothing otherwise.
    func verify() async throws -> UInt64 {
        try await log.settle()
        let acts = try await console.house.store.read { tx in
            try tx.row("SELECT count(*) FROM bench_acts")?.integer(0) ?? 0
        }
        let leaves = try await console.house.store.read { tx in
            try tx.row("SELECT count(*) FROM ledger_leaves WHERE kind = ?", [.text(Self.kind.id)])?.integer(0) ?? 0
        }
        let verified = try await LogVerification.verify(tiles, store: console.house.store)
        guard verified.problems.isEmpty, acts == leaves else {
            throw BenchmarkError("\(acts) acts, \(leaves) leaves, problems: \(verified.problems.prefix(3))")
        }
        return verified.size
    }

    func close() async { await console.close() }
}
