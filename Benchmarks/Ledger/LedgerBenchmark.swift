// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Ledger
import Logging
import ServiceLifecycle

/// Acknowledged acts a second beside commits a second of plain SQLite, in one run on one disk.
@main
struct LedgerBenchmark {
    private static let targets: [(writers: Int, target: Double)] = [(1, 0.6), (16, 3), (256, 12)]

    static func main() async {
        await Workshop.with("ledger") { folder in
            let plain = try PlainSQLite(folder: folder)
            let acts = try await Acts(folder: folder)
            // The sequencer works meanwhile, as in production.
            let group = ServiceGroup(
                configuration: .init(services: [acts.log], logger: Logger(label: "bench")))
            async let sequencer: Void = group.run()
            let series = try await measure(plain, acts)
            await group.triggerGracefulShutdown()
            try await sequencer
            show(series)
            say("verified: \(try await acts.verify()) leaves, one for each act; all were acknowledged")
            await acts.close()
        }
    }

    /// A slice of plain commits and a slice of acts, one right after the other, so that what disturbs the machine
    /// disturbs both.
    private struct Pair {
        let plain: Throughput
        let acts: Throughput
    }

    private struct Series {
        let writers: Int
        let target: Double
        let pairs: [Pair]
    }

    private static func measure(_ plain: PlainSQLite, _ acts: Acts) async throws -> [Series] {
        let seconds = Workshop.seconds(standard: 4)
        // Files, caches and statements of both are warm before the first slice.
        _ = try await plain.run(seconds: 1)
        _ = try await acts.run(writers: 16, seconds: 1)
        // For profiling: one of the rows alone.
        let only = Workshop.environment["SALUS_BENCH_WRITERS"].flatMap(Int.init)
        var series: [Series] = []
        for (writers, target) in targets where only == nil || only == writers {
            var pairs: [Pair] = []
            for round in 0..<Workshop.rounds(standard: 5) {
                if round % 2 == 0 {
                    let peer = try await plain.run(seconds: seconds)
                    pairs.append(Pair(plain: peer, acts: try await acts.run(writers: writers, seconds: seconds)))
                } else {
                    let ours = try await acts.run(writers: writers, seconds: seconds)
                    pairs.append(Pair(plain: try await plain.run(seconds: seconds), acts: ours))
                }
            }
            series.append(Series(writers: writers, target: target, pairs: pairs))
        }
        return series
    }

    private static func show(_ series: [Series]) {
        let plain = series.flatMap(\.pairs).map(\.plain)
        say("Acknowledged acts (business row and leaf in one durable commit), the sequencer running;")
        say("plain: SQLite \(plain.first?.version ?? "") in C, WAL, synchronous=FULL, one row a commit.")
        say("Medians of \(series.first?.pairs.count ?? 0) slices; × is the median over acts and plain commits in turn.")
        var report = Report(["", "a second", "p50 ms", "p99 ms", "sequenced/s", "×", "lowest ×", "target ×"])
        report.add(["plain SQLite, 1 connection"] + columns(plain))
        for entry in series {
            let ratios = entry.pairs.map { $0.acts.rate / $0.plain.rate }
            report.add(
                ["Salus, \(entry.writers) writer\(entry.writers == 1 ? "" : "s")"] + columns(entry.pairs.map(\.acts))
                    + [
                        figure(ratios.median), figure(ratios.min() ?? .nan),
                        Target.atLeast(entry.target).verdict(ratios.median),
                    ])
        }
        report.show()
    }

    private static func columns(_ measured: [Throughput]) -> [String] {
        [
            figure(measured.map(\.rate).median), figure(measured.map(\.p50.milliseconds).median),
            figure(measured.map(\.p99.milliseconds).median), figure(measured.map(\.sequenced).median),
        ]
    }
}
