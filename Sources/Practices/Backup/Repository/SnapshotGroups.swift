// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// By what snapshots are told apart: `host`, `paths`, `tags`, with commas between.
struct SnapshotGrouping: Sendable, Equatable {
    var host = false
    var paths = false
    var tags = false

    /// Whether everything is one group.
    var isEmpty: Bool { !host && !paths && !tags }

    /// What the snapshots of a group have in common; nil for what they are not grouped by.
    struct Key: Sendable, Hashable {
        var host: String?
        /// In the order of their bytes.
        var paths: [String]?
        /// In the order of their bytes.
        var tags: [String]?

        // Names of machines, paths and tags are bytes, so two that only look alike are two.
        private var bytes: [[[UInt8]]?] {
            [host.map { [Array($0.utf8)] }, paths?.map { Array($0.utf8) }, tags?.map { Array($0.utf8) }]
        }

        static func == (left: Key, right: Key) -> Bool {
            left.bytes == right.bytes
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(bytes)
        }
    }

    struct Group: Sendable {
        let key: Key
        var entries: [SnapshotList.Entry]
    }

    /// The groups in the order of their first snapshots; in each the snapshots stay in their order.
    func groups(of entries: [SnapshotList.Entry]) -> [Group] {
        var groups: [Group] = []
        var places: [Key: Int] = [:]
        for entry in entries {
            let key = key(of: entry.snapshot)
            if let place = places[key] {
                groups[place].entries.append(entry)
            } else {
                places[key] = groups.count
                groups.append(Group(key: key, entries: [entry]))
            }
        }
        return groups
    }

    private func key(of snapshot: Snapshot) -> Key {
        Key(
            host: host ? snapshot.hostname : nil, paths: paths ? Self.sorted(snapshot.paths) : nil,
            tags: tags ? Self.sorted(snapshot.tags) : nil)
    }

    private static func sorted(_ texts: [String]) -> [String] {
        texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

extension SnapshotGrouping {
    /// Nil for a word that means none of them.
    init?(_ text: String) {
        self.init()
        for word in text.split(separator: ",") {
            switch word {
            case "host", "hosts": host = true
            case "path", "paths": paths = true
            case "tag", "tags": tags = true
            default: return nil
            }
        }
    }
}
