// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Which snapshots are meant: by machine, tags and paths, as restic reads `--host`, `--tag` and `--path`.
struct SnapshotFilter: Sendable {
    /// One of these machines; empty for all.
    var hosts: [String] = []
    /// All tags of one of these lists. An empty tag stands for a snapshot without tags.
    var tags: [[String]] = []
    /// All of these paths.
    var paths: [String] = []

    var isEmpty: Bool { hosts.isEmpty && tags.isEmpty && paths.isEmpty }

    func selects(_ snapshot: Snapshot) -> Bool {
        (hosts.isEmpty || Self.contains(hosts, snapshot.hostname))
            && (tags.isEmpty || tags.contains { Self.has($0, snapshot) })
            && paths.allSatisfy { Self.contains(snapshot.paths, $0) }
    }

    private static func has(_ tags: [String], _ snapshot: Snapshot) -> Bool {
        for tag in tags {
            if tag.isEmpty, snapshot.tags.isEmpty { return true }
            guard contains(snapshot.tags, tag) else { return false }
        }
        return true
    }

    private static func contains(_ texts: [String], _ wanted: String) -> Bool {
        texts.contains { $0.utf8.elementsEqual(wanted.utf8) }
    }
}

extension SnapshotList {
    /// What a command works on that takes several snapshots.
    struct Selection: Sendable {
        /// From the oldest to the newest, or in the order in which they were named, each once.
        var entries: [Entry] = []
        /// Names that lead to no snapshot, and files that could not be read.
        var flaws: [String] = []
    }

    /// The snapshots that were named; without names, all that the filter selects.
    func select(_ names: [String], _ filter: SnapshotFilter) -> Selection {
        guard !names.isEmpty else {
            return Selection(entries: snapshots.filter { filter.selects($0.snapshot) }, flaws: flaws)
        }
        var selection = Selection()
        for name in names {
            do {
                guard !name.utf8.contains(UInt8(ascii: ":")) else { throw SnapshotChoiceError.folderNotAllowed(name) }
                let entry = try choose(name, filter)
                if !selection.entries.contains(where: { $0.id == entry.id }) { selection.entries.append(entry) }
            } catch {
                selection.flaws.append("\(error)")
            }
        }
        return selection
    }
}
