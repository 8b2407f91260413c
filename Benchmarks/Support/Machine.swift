// SPDX-License-Identifier: Apache-2.0

import Foundation

/// On what was measured: a figure without its machine says nothing.
package struct Machine {
    private let folder: String

    /// This machine, measuring on the file system of `folder`.
    package init(measuringIn folder: String) {
        self.folder = folder
    }

    /// A line for each thing that a figure depends on.
    package var lines: [String] {
        [
            "date        \(Date.now.formatted(.iso8601))",
            "processor   \(processor), \(ProcessInfo.processInfo.activeProcessorCount) cores",
            "memory      \(ProcessInfo.processInfo.physicalMemory >> 20) MiB",
            "system      \(system), Linux \(Self.line(of: "/proc/sys/kernel/osrelease"))",
            "disk        \(disk)",
            "compiler    \(Command.output("swift", ["--version"]).split(separator: "\n").first ?? "unknown")",
            "load        \(Self.load) before",
        ]
    }

    /// The load averages of 1, 5 and 15 minutes: whether something else was at work.
    package static var load: String {
        line(of: "/proc/loadavg").split(separator: " ").prefix(3).joined(separator: " ")
    }

    private var processor: String {
        Self.text(of: "/proc/cpuinfo").split(separator: "\n").first { $0.hasPrefix("model name") }
            .map { $0.drop { $0 != ":" }.dropFirst(2) }.map(String.init) ?? "unknown"
    }

    private var system: String {
        Self.text(of: "/etc/os-release").split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
            .map { $0.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" } } ?? "unknown"
    }

    private var disk: String {
        let found = Command.output("findmnt", ["-n", "-o", "FSTYPE,SOURCE", "-T", folder])
        return found.split(whereSeparator: \.isWhitespace).joined(separator: " on ")
    }

    private static func line(of path: String) -> String {
        text(of: path).split(separator: "\n").first.map(String.init) ?? "unknown"
    }

    private static func text(of path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}
