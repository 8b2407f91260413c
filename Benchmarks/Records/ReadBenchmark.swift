// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Building
import Kernel
import Ledger
import Logging
import Server
import ServiceLifecycle
import Store
import Synchronization
import Vault
import Web

/// One record read over HTTPS, sealed against unsealed; both write the leaf.
struct ReadBenchmark {
    let folder: String

    private static let connections = [1, 16]

    private static let logger: Logger = {
        var logger = Logger(label: "bench")
        logger.logLevel = .warning
        return logger
    }()

    /// What one variant cost in one round.
    private struct Cost {
        let load: LoadResult
        /// Processor time of the server for one answer, in microseconds.
        let processor: Double
    }

    /// Sealed and unsealed in turn, over the same connections' count.
    private struct Pair {
        let sealed: Cost
        let plain: Cost
    }

    func run() async throws {
        let console = try await OpenedConsole.open(data: "\(folder)/data", keyFile: "\(folder)/root.key") {
            house, site in try await RecordRoutes.add(to: &site, of: house)
        }
        let ids = try await PlainRecords.copy(console.house, count: 2_000)
        let cookies = try await StoredSessions.add(16, of: 16, to: console.house.store)
        let port = Mutex(0)
        let server = try WebServer(
            at: try address(), tls: console.tls, logger: Self.logger,
            onListening: { number in port.withLock { $0 = number } }, answer: console.answer)
        let group = ServiceGroup(
            configuration: .init(services: [console.house.ledger, server], logger: Self.logger))
        async let serving: Void = group.run()
        while port.withLock({ $0 }) == 0 { try await Task.sleep(for: .milliseconds(10)) }
        let load = Load(port: port.withLock { $0 }, folder: folder)
        for connections in Self.connections {
            show(try await measure(load, ids, cookies, connections), connections, records: ids.count)
        }
        await group.triggerGracefulShutdown()
        try await serving
        try await checkLeaves(console)
        await console.close()
    }

    private func address() throws -> ListenAddress {
        guard let address = ListenAddress("127.0.0.1:0") else { throw BenchmarkError("no address to listen at") }
        return address
    }

    private func measure(
        _ load: Load, _ ids: [Identifier<Record>], _ cookies: [String], _ connections: Int
    ) async throws -> [Pair] {
        let seconds = Workshop.seconds(standard: 5)
        func cost(_ kind: String, _ seconds: Double) async throws -> Cost {
            let before = Workshop.processorTime
            let result = try await load.run(
                paths: ids.map { "/bench/\(kind)/\($0)" }, cookies: cookies, connections: connections,
                seconds: seconds)
            guard result.errors == 0, result.requests > 0 else {
                throw BenchmarkError("\(result.errors) of \(result.requests) requests failed")
            }
            let spent = Workshop.processorTime - before
            return Cost(load: result, processor: spent.seconds * 1e6 / Double(result.requests))
        }
        // Warm both before the first round.
        for kind in ["sealed", "plain"] { _ = try await cost(kind, 2) }
        var pairs: [Pair] = []
        for round in 0..<Workshop.rounds(standard: 3) * 2 - 1 {
            // Who comes first changes, because the log and its tables grow meanwhile.
            if round % 2 == 0 {
                let sealed = try await cost("sealed", seconds)
                pairs.append(Pair(sealed: sealed, plain: try await cost("plain", seconds)))
            } else {
                let plain = try await cost("plain", seconds)
                pairs.append(Pair(sealed: try await cost("sealed", seconds), plain: plain))
            }
        }
        return pairs
    }

    private func show(_ pairs: [Pair], _ connections: Int, records: Int) {
        let heading = connections == 1 ? "1 connection" : "\(connections) connections"
        say(
            "One record read over HTTPS (TLS, HTTP/1.1 keep-alive, session, role, leaf), \(heading), \(records) records"
        )
        say("in turn; medians of \(pairs.count) pairs of runs; dearer is the median of the pairs' ratios.")
        var report = Report(["", "sealed", "unsealed", "dearer %", "target %"])
        add("p50 µs", pairs, to: &report) { $0.load.p50.seconds * 1e6 }
        add("p99 µs", pairs, isTargeted: false, to: &report) { $0.load.p99.seconds * 1e6 }
        add("time a read, µs × connections", pairs, to: &report) { 1e6 / $0.load.rate * Double(connections) }
        add("processor µs a read", pairs, to: &report) { $0.processor }
        report.add([
            "reads/s", figure(pairs.map(\.sealed.load.rate).median), figure(pairs.map(\.plain.load.rate).median),
        ])
        report.show()
    }

    private func add(
        _ name: String, _ pairs: [Pair], isTargeted: Bool = true, to report: inout Report,
        _ value: (Cost) -> Double
    ) {
        let dearer = pairs.map { (value($0.sealed) / value($0.plain) - 1) * 100 }.median
        report.add([
            name, figure(pairs.map { value($0.sealed) }.median), figure(pairs.map { value($0.plain) }.median),
            String((dearer * 10).rounded() / 10),
            isTargeted ? Target.atMost(15).verdict(dearer) : "",
        ])
    }

    /// Every answered read has its leaf, or the figures count for nothing.
    private func checkLeaves(_ console: OpenedConsole) async throws {
        try await console.house.ledger.settle()
        let leaves = try await console.house.store.read { tx in
            try tx.row(
                "SELECT count(*) FROM ledger_leaves WHERE kind = ?", [.text(VaultFacts.recordRead.id)])?.integer(0)
        }
        say("leaves of reads in the log: \(leaves ?? 0), each committed before the record left")
    }
}
