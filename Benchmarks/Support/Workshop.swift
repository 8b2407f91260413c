// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where a benchmark keeps its files, and what the environment asks of it.
package enum Workshop {
    /// Prints the machine, gives `work` an empty folder on the disk that is measured, and removes it afterwards.
    /// When `work` fails this says why and ends the process with status 1.
    ///
    /// `SALUS_BENCH_FOLDER` names where; otherwise it is below the current folder. Never /tmp, which may be memory.
    package static func with(
        _ name: String, isolation: isolated (any Actor)? = #isolation, _ work: (String) async throws -> Void
    ) async {
        let base =
            environment["SALUS_BENCH_FOLDER"] ?? FileManager.default.currentDirectoryPath + "/.build-output/bench"
        let folder = "\(base)/\(name)-\(ProcessInfo.processInfo.processIdentifier)"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for line in Machine(measuringIn: folder).lines { say(line) }
            say()
            try await work(folder)
            say("load        \(Machine.load) afterwards")
            say()
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            say("\(name): \(error)")
            exit(1)
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// How often each measurement is repeated; the tables show medians. `SALUS_BENCH_ROUNDS`, else `standard`.
    package static func rounds(standard: Int) -> Int {
        environment["SALUS_BENCH_ROUNDS"].flatMap(Int.init) ?? standard
    }

    /// How long a measurement takes. `SALUS_BENCH_SECONDS`, else `standard`.
    package static func seconds(standard: Double) -> Double {
        environment["SALUS_BENCH_SECONDS"].flatMap(Double.init) ?? standard
    }

    /// Where `salus` built for release is: `SALUS_PROGRAM`, else beside this benchmark.
    package static var program: String {
        environment["SALUS_PROGRAM"]
            ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/salus"
    }

    /// The processor time that this process has used.
    package static var processorTime: Duration {
        var time = timespec()
        // Cannot fail: the clock always exists, and the pointer is to our own variable.
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }

    package static var environment: [String: String] { ProcessInfo.processInfo.environment }
}
