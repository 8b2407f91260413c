// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// The folders above the snapshots of a mounted repository, as restic lays them out: `ids`, `snapshots`, `hosts` and
/// `tags`; where snapshots are named by their time, `latest` leads to the newest.
struct MountLayout: Sendable {
    /// What has a name there.
    indirect enum Entry: Sendable {
        case folder([[UInt8]: Entry])
        case snapshot(SnapshotList.Entry)
        /// A link to a name in the same folder.
        case link([UInt8], Snapshot)
    }

    private var root = Entry.folder([:])

    /// - Parameter snapshots: from the oldest to the newest.
    init(_ snapshots: [SnapshotList.Entry]) {
        for name in ["ids", "snapshots", "hosts", "tags"] { root.update([Array(name.utf8)][...]) { _ in } }
        for entry in snapshots {
            let snapshot = entry.snapshot
            let time = Timestamp(seconds: snapshot.time.seconds, offset: snapshot.time.offset).text
            add(entry, as: entry.id.short, in: ["ids"], isTime: false)
            add(entry, as: time, in: ["snapshots"], isTime: true)
            add(entry, as: time, in: ["hosts", snapshot.hostname], isTime: true)
            for tag in Set(snapshot.tags.map { Array($0.utf8) }) {
                add(entry, as: time, in: ["tags", String(decoding: tag, as: UTF8.self)], isTime: true)
            }
        }
    }

    private mutating func add(_ entry: SnapshotList.Entry, as name: String, in folder: [String], isTime: Bool) {
        root.update(folder.map(Self.name)[...]) { entries in
            var unique = Array(name.utf8)
            var number = 0
            while entries[unique] != nil {
                number += 1
                unique = Array("\(name)-\(number)".utf8)
            }
            entries[unique] = .snapshot(entry)
            if isTime { entries[Array("latest".utf8)] = .link(unique, entry.snapshot) }
        }
    }

    /// A machine or tag as the name of a folder.
    static func name(_ text: String) -> [UInt8] {
        switch text {
        case "", ".": return [UInt8(ascii: "_")]
        case "..": return Array("__".utf8)
        default:
            return text.utf8.prefix(255).map { $0 == UInt8(ascii: "/") || $0 == 0 ? UInt8(ascii: "_") : $0 }
        }
    }

    /// What is at a path; nil for nothing.
    func entry(at path: [[UInt8]]) -> Entry? {
        path.reduce(root) { entry, name in
            if case .folder(let entries) = entry { entries[name] } else { nil }
        }
    }
}

extension MountLayout.Entry {
    /// Changes a folder, which is made where it is missing.
    fileprivate mutating func update(_ path: ArraySlice<[UInt8]>, _ change: (inout [[UInt8]: Self]) -> Void) {
        guard case .folder(var entries) = self else { return }
        if let name = path.first {
            var next = entries[name] ?? .folder([:])
            next.update(path.dropFirst(), change)
            entries[name] = next
        } else {
            change(&entries)
        }
        self = .folder(entries)
    }
}
