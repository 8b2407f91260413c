// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Foundation

/// From the start of the process to its first answer, the pages of the demonstration clinic, and the memory that the
/// process holds with a thousand sessions.
@main
struct StartBenchmark {
    static func main() async {
        await Workshop.with("start") { folder in
            guard FileManager.default.isExecutableFile(atPath: Workshop.program) else {
                throw BenchmarkError("there is no \(Workshop.program); set SALUS_PROGRAM")
            }
            try measureStart(folder)
            try await PagesBenchmark(folder: folder).run()
            try await MemoryBenchmark(folder: folder).run()
        }
    }

    private static func measureStart(_ folder: String) throws {
        let rounds = Workshop.rounds(standard: 3) * 5
        var (empty, known, curl): ([Duration], [Duration], [Duration]) = ([], [], [])
        for round in 0..<rounds {
            let (data, key) = ("\(folder)/start-\(round)", "\(folder)/start-\(round).key")
            let (first, atFirst) = try Served.start(data: data, keyFile: key)
            empty.append(atFirst)
            try first.stop()
            let (second, atSecond) = try Served.start(data: data, keyFile: key)
            known.append(atSecond)
            let asked = ContinuousClock.now
            try second.checkHealth()
            curl.append(ContinuousClock.now - asked)
            try second.stop()
        }
        say("Start: from before the process is made to after 200 of /healthz over TLS; \(rounds) starts of each kind,")
        say("files in the page cache; curl's own process and handshake are in it.")
        var report = Report(["", "median ms", "slowest ms", "target ms"])
        for (name, durations) in [("initialised store", known), ("empty folder: keys, tables, certificate", empty)] {
            let median = durations.map(\.milliseconds).median
            report.add([
                name, figure(median), figure(Samples(durations).percentile(1).milliseconds),
                Target.atMost(500).verdict(median),
            ])
        }
        report.add([
            "of which curl", figure(curl.map(\.milliseconds).median), figure(Samples(curl).percentile(1).milliseconds),
        ])
        report.show()
    }
}
