// SPDX-License-Identifier: Apache-2.0

import Building
import ResticFormat

/// What is kept and why, and what goes.
struct ForgetOutput {
    let options: RepositoryOptions

    func print(_ plan: ForgetPlan) {
        if options.json {
            Terminal.line("[" + plan.groups.map(Self.json).joined(separator: ",") + "]")
        } else if !options.quiet {
            for group in plan.groups { text(group) }
        }
    }

    private func text(_ group: ForgetPlan.Group) {
        let parts = [
            group.key.host.map { "of \($0)" }, group.key.paths.map { $0.joined(separator: " ") },
            group.key.tags.map { $0.isEmpty ? "without tags" : "with \($0.joined(separator: ","))" },
        ]
        let name = parts.compactMap { $0 }.joined(separator: ", ")
        Terminal.line(TerminalText.harmless("Snapshots \(name):".replacing(" :", with: ":")))
        for (entry, reasons) in group.kept {
            Terminal.line("  stays  \(Self.line(entry))  \(TerminalText.harmless(reasons.joined(separator: ", ")))")
        }
        for entry in group.removed { Terminal.line("  goes   \(Self.line(entry))") }
    }

    private static func line(_ entry: SnapshotList.Entry) -> String {
        "\(entry.id.short)  \(entry.snapshot.time.text.prefix(19))"
    }

    /// As restic's `forget --json` prints a group.
    private static func json(_ group: ForgetPlan.Group) -> String {
        var line = JSONLine()
        line.add("tags", raw: texts(group.key.tags))
        line.add("host", group.key.host ?? "")
        line.add("paths", raw: texts(group.key.paths))
        line.add("keep", raw: list(group.kept.map { SnapshotOutput.json($0.entry) }))
        line.add("remove", raw: group.removed.isEmpty ? "null" : list(group.removed.map { SnapshotOutput.json($0) }))
        line.add("reasons", raw: list(group.kept.map(reason)))
        return line.finish()
    }

    private static func reason(_ kept: (entry: SnapshotList.Entry, reasons: [String])) -> String {
        var line = JSONLine()
        line.add("snapshot", raw: SnapshotOutput.json(kept.entry))
        line.add("matches", raw: texts(kept.reasons))
        return line.finish()
    }

    private static func list(_ items: [String]) -> String {
        "[" + items.joined(separator: ",") + "]"
    }

    private static func texts(_ texts: [String]?) -> String {
        texts.map { list($0.map(JSONText.quoted)) } ?? "null"
    }
}
