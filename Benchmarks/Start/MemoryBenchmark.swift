// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Codecs
import Kernel
import Store

/// Resident memory of `salus up` with 1,000 stored sessions, all of them in use.
struct MemoryBenchmark {
    let folder: String

    private static let sessions = 1_000
    private static let target = 120e6

    func run() async throws {
        let (data, key) = ("\(folder)/memory", "\(folder)/memory.key")
        _ = try Served.makeDemonstration(data: data, keyFile: key)
        let (cookies, patients) = try await prepare(data)
        let (served, _) = try Served.start(data: data, keyFile: key)
        try await Task.sleep(for: .seconds(2))
        let atRest = try served.residentMemory().now
        let paths =
            ["/", "/records", "/records", "/me"] + patients.prefix(40).map { "/records/\($0)" }
        let seconds = max(20, Workshop.seconds(standard: 20))
        // Every session is used: 50 requests a second for 20 seconds.
        let load = try await Load(port: served.port, folder: folder).run(
            paths: paths, cookies: cookies, connections: 2, seconds: seconds, pause: .milliseconds(40))
        let after = try served.residentMemory()
        try served.stop()
        guard load.errors == 0 else { throw BenchmarkError("\(load.errors) of \(load.requests) requests failed") }
        show(atRest, after, load, patients.count)
    }

    /// Puts the sessions into the store while nothing runs; also the ids of its patients.
    private func prepare(_ data: String) async throws -> (cookies: [String], patients: [Identifier<Patient>]) {
        let store = try await Database.open(.sqlite(path: "\(data)/salus.db"), clock: SystemClock())
        let cookies = try await StoredSessions.add(Self.sessions, of: 100, to: store)
        let patients = try await store.read { tx in
            try tx.rows("SELECT id FROM vault_patients ORDER BY id").compactMap {
                Identifier<Patient>(bytes: try $0.bytes(0))
            }
        }
        await store.close()
        return (cookies, patients)
    }

    private func show(
        _ atRest: Double, _ after: (now: Double, peak: Double), _ load: LoadResult, _ patients: Int
    ) {
        say("Memory: \(Self.sessions) stored sessions of 100 physicians, a clinic of \(patients) patients; then")
        say(
            "\(load.requests) pages in turn (board, search, charts, account), \(figure(load.rate))/s, "
                + "p50 \(figure(load.p50.milliseconds)) ms, with all sessions in turn.")
        var report = Report(["", "resident MB", "target MB"])
        report.add(["2 s after the start", figure(atRest / 1e6), ""])
        report.add([
            "after the load", figure(after.now / 1e6), Target.atMost(Self.target / 1e6).verdict(after.now / 1e6),
        ])
        report.add([
            "highest since the start", figure(after.peak / 1e6),
            Target.atMost(Self.target / 1e6).verdict(after.peak / 1e6),
        ])
        report.show()
    }
}
