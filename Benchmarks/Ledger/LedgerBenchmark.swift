// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Ledger
import Logging
import ServiceLifecycle

/// Acknowledged acts a second beside commits a second of plain SQLite, in one run on one disk.
@main
struct LedgerBenchmark {
    private static let targets: [(writers: Int, target: Double)] = [(1, 0.6), (16, 3), (256, 12)]

    static func main() async throws {
        try await Workshop.with("ledger") { folder in
            let plain = try PlainSQLite(folder: folder)
            let acts = try await Acts(folder: folder)
            // The sequencer works meanwhile, as in production.
            let group = ServiceGroup(
                configuration: .init(services: [acts.log], logger: Logger(label: "bench")))
            async let sequencer: Void = group.run()
            let rounds = try await measure(plain, acts)
            await group.triggerGracefulShutdown()
            try await sequencer
            show(rounds)
            say("verified: \(try await acts.verify()) leaves, one for each act; all were acknowledged")
            await acts.close()
        }
    }

    /// One round measures everything once, the peer first, so that what disturbs the machine disturbs both.
    private struct Round {
        let plain: Throughput
        let acts: [Throughput]
    }

    private static func measure(_ plain: PlainSQLite, _ acts: Acts) async throws -> [Round] {
        let seconds = Workshop.seconds(standard: 5)
        var rounds: [Round] = []
        for _ in 0..<Workshop.rounds(standard: 3) {
            let peer = try await plain.run(seconds: seconds)
            var ours: [Throughput] = []
            for (writers, _) in targets { ours.append(try await acts.run(writers: writers, seconds: seconds)) }
            rounds.append(Round(plain: peer, acts: ours))
        }
        return rounds
    }

    private static func show(_ rounds: [Round]) {
        say("Acknowledged acts (business row and leaf in one durable commit), the sequencer running;")
        say("plain: SQLite \(rounds.first?.plain.version ?? "") in C, WAL, synchronous=FULL, one row a commit.")
        say("Medians of \(rounds.count) rounds; × is to the plain commits of the same round.")
        var report = Report(["", "acts/s", "p50 ms", "p99 ms", "sequenced/s", "×", "target ×"])
        add("plain SQLite, 1 connection", rounds.map(\.plain), nil, to: &report)
        for (index, target) in targets.enumerated() {
            let ratio = rounds.map { $0.acts[index].rate / $0.plain.rate }.median
            add(
                "Salus, \(target.writers) writer\(target.writers == 1 ? "" : "s")", rounds.map { $0.acts[index] },
                (ratio, .atLeast(target.target)), to: &report)
        }
        report.show()
    }

    private static func add(
        _ name: String, _ measured: [Throughput], _ ratio: (value: Double, target: Target)?, to report: inout Report
    ) {
        report.add([
            name, figure(measured.map(\.rate).median), figure(measured.map(\.p50.milliseconds).median),
            figure(measured.map(\.p99.milliseconds).median), figure(measured.map(\.sequenced).median),
            ratio.map { figure($0.value) } ?? "", ratio.map { $0.target.verdict($0.value) } ?? "",
        ])
    }
}
