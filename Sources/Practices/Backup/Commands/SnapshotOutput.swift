// SPDX-License-Identifier: Apache-2.0

import Building
import ResticFormat

/// Snapshots for people, and as restic's JSON.
struct SnapshotOutput: Sendable {
    let isCompact: Bool
    let isQuiet: Bool

    func print(_ entries: [SnapshotList.Entry]) {
        guard !entries.isEmpty else {
            if !isQuiet { Terminal.line("There are no snapshots.") }
            return
        }
        for entry in entries { Terminal.line(line(entry)) }
    }

    func print(_ groups: [SnapshotGrouping.Group]) {
        guard !groups.isEmpty else { return print([SnapshotList.Entry]()) }
        for group in groups {
            let parts = [
                group.key.host.map { "of \($0)" }, group.key.paths.map { $0.joined(separator: " ") },
                group.key.tags.map { $0.isEmpty ? "without tags" : "with \($0.joined(separator: ","))" },
            ]
            Terminal.line(TerminalText.harmless("Snapshots " + parts.compactMap { $0 }.joined(separator: ", ") + ":"))
            print(group.entries)
        }
    }

    private func line(_ entry: SnapshotList.Entry) -> String {
        let snapshot = entry.snapshot
        let size = snapshot.summary.map { ByteText.of(Int64(clamping: $0.totalBytesProcessed)) } ?? ""
        let parts = [
            entry.id.short, String(snapshot.time.text.prefix(19)), snapshot.hostname, size,
            snapshot.tags.joined(separator: ","), isCompact ? "" : snapshot.paths.joined(separator: " "),
        ]
        return parts.filter { !$0.isEmpty }.map { TerminalText.harmless($0) }.joined(separator: "  ")
    }

    func printJSON(_ entries: [SnapshotList.Entry]) {
        Terminal.line(Self.json(entries))
    }

    func printJSON(_ groups: [SnapshotGrouping.Group]) {
        let texts = groups.map { group in
            var key = JSONLine()
            key.add("hostname", group.key.host ?? "")
            key.add("paths", raw: Self.json(group.key.paths))
            key.add("tags", raw: Self.json(group.key.tags))
            var line = JSONLine()
            line.add("group_key", raw: key.finish())
            line.add("snapshots", raw: Self.json(group.entries))
            return line.finish()
        }
        Terminal.line("[" + texts.joined(separator: ",") + "]")
    }

    /// A snapshot with its id, and with members that only this output has.
    ///
    /// - Parameter tree: what stands for its root.
    static func json(
        _ entry: SnapshotList.Entry, _ members: [(name: StaticString, text: String)] = [], tree: ObjectID? = nil
    ) -> String {
        var snapshot = entry.snapshot
        snapshot.tree = tree ?? snapshot.tree
        var line = JSONLine(continuing: snapshot.json())
        line.add("id", entry.id.hex)
        line.add("short_id", entry.id.short)
        for member in members { line.add(member.name, member.text) }
        return line.finish()
    }

    private static func json(_ entries: [SnapshotList.Entry]) -> String {
        "[" + entries.map { json($0) }.joined(separator: ",") + "]"
    }

    private static func json(_ texts: [String]?) -> String {
        texts.map { "[" + $0.map(JSONText.quoted).joined(separator: ",") + "]" } ?? "null"
    }
}
