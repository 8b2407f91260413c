// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// Which snapshots a command looks at.
struct SnapshotFilterOptions: ParsableArguments {
    @Option(
        name: [.customShort("H"), .long],
        help: "Only snapshots of this machine; may be given several times. RESTIC_HOST is read where it is missing.")
    var host: [String] = []

    @Option(help: "Only snapshots with this tag; `a,b` means both. May be given several times.")
    var tag: [String] = []

    @Option(help: "Only snapshots of this path; given several times, of all of them.")
    var path: [String] = []

    /// The filter that they make.
    var filter: SnapshotFilter {
        Self.filter(hosts: host, tags: tag, paths: path)
    }

    /// The filter of a command that names its options otherwise.
    static func filter(hosts: [String], tags: [String], paths: [String]) -> SnapshotFilter {
        let base = FileManager.default.currentDirectoryPath
        return SnapshotFilter(
            hosts: known(hosts),
            tags: tags.map { list in
                list.split(separator: ",", omittingEmptySubsequences: false)
                    .map { $0.trimmingCharacters(in: .whitespaces) }
            },
            paths: paths.map { "/" + PathText.joined(Targets.names(of: $0, from: base)) })
    }

    private static func known(_ hosts: [String]) -> [String] {
        if hosts.isEmpty, let name = ProcessInfo.processInfo.environment["RESTIC_HOST"], !name.isEmpty { return [name] }
        // An empty name takes back what RESTIC_HOST says.
        return hosts.count == 1 && hosts[0].isEmpty ? [] : hosts
    }
}
