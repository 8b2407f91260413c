// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport

/// What was measured of one kind of work, by program.
struct Figures {
    private var runs: [(name: String, measured: [Measured], bytes: Int)] = []

    mutating func add(_ program: Program, _ measured: Measured, bytes: Int = 0) {
        if let place = runs.firstIndex(where: { $0.name == program.name }) {
            runs[place].measured.append(measured)
            runs[place].bytes = bytes
        } else {
            runs.append((program.name, [measured], bytes))
        }
    }

    func bytes(of name: String) -> Int {
        runs.first { $0.name == name }?.bytes ?? 0
    }

    /// Prints a table; targets are how many times as quick as a peer ours should be, and MiB of memory at most.
    func show(_ title: String, restic: Double?, borg: Double?, memory: Double) {
        let ours = runs.first { $0.name == "salus" }?.measured.map(\.wall.seconds).median ?? .nan
        say(title)
        var report = Report(["", "wall s", "slowest", "processor s", "peak MiB", "stored MB", "×", "target"])
        for (name, measured, bytes) in runs.sorted(by: { $0.name > $1.name }) {
            let wall = measured.map(\.wall.seconds)
            let peak = measured.map(\.peakMemory).max() ?? 0
            let target = name == "restic" ? restic : name == "borg" ? borg : nil
            let verdict =
                name == "salus"
                ? "MiB " + Target.atMost(memory).verdict(peak)
                : target.map { Target.atLeast($0).verdict(wall.median / ours) } ?? ""
            report.add([
                name, figure(wall.median), figure(wall.max() ?? .nan), figure(measured.map(\.processor.seconds).median),
                figure(peak), bytes > 0 ? figure(Double(bytes) / 1e6) : "",
                name == "salus" ? "" : figure(wall.median / ours), verdict,
            ])
        }
        report.show()
    }
}
