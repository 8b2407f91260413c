// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import ResticFormat
import Web

/// What is in a folder of a snapshot.
struct SnapshotFolder: Sendable {
    let repository: StoredRepository
    let record: SnapshotRecord
    let job: BackupJob?
    let steps: [Int]
    /// The names on the way.
    let way: [[UInt8]]
    let nodes: [Node]
    /// How many entries are not shown.
    let more: Int
    let fileLimit: UInt64
    let time: LocalTime

    private var base: String { SnapshotPages.path(record.repository, record.snapshot) }

    var content: HTML {
        """
        \(Breadcrumb(parents, current: way.last.map(Self.text) ?? "Snapshot \(record.snapshot.short)"))
        \(PageHeading(way.last.map(Self.text) ?? "Snapshot \(record.snapshot.short)", lead: lead))
        \(table)
        \(more > 0 ? Callout(.info, "\(more) more are not shown", content: "`salus backup ls` lists all.") : nil)
        \(PageSection("Restore all of it", content: restoring))
        """
    }

    private var lead: String {
        "Data of \(time.text(record.taken)), in \(repository.name). Whoever looks here, and each file that is taken out, is in the log."
    }

    private var parents: [Link] {
        var links = [Link("Backup", to: BackupPages.path)]
        if let job { links.append(Link(job.name, to: "\(BackupPages.path)/jobs/\(job.id)")) }
        guard !way.isEmpty else { return links }
        links.append(Link("Snapshot \(record.snapshot.short)", to: base))
        for depth in way.indices.dropLast() {
            links.append(Link(Self.text(way[depth]), to: address(steps.prefix(depth + 1))))
        }
        return links
    }

    private func address(_ steps: some Sequence<Int>, file: Bool = false) -> String {
        "\(base)\(file ? "/file" : "")?at=\(steps.map(String.init).joined(separator: "."))"
    }

    private var table: HTML {
        // Folders first, each by its number in the whole folder.
        let numbered = nodes.enumerated().sorted { one, other in
            let (left, right) = (one.element.type == .directory, other.element.type == .directory)
            return left == right ? one.offset < other.offset : left
        }
        let rows: [[HTML]] = numbered.map { number, node in
            [name(of: node, number), size(of: node), "\(TimeText(Self.instant(node.modified), in: time))"]
        }
        return DataTable(
            caption: "Entries", columns: [.init("Name"), .init("Size", isNumber: true), .init("Changed")], rows: rows,
            filterName: "entries", isCompact: true,
            empty: EmptyState("An empty folder", text: "It was empty when it was backed up.")
        ).html
    }

    private func name(of node: Node, _ number: Int) -> HTML {
        let text = Self.text(node.name)
        switch node.type {
        case .directory: return "\(Link("\(text)/", to: address(steps + [number])))"
        case .file where node.size <= fileLimit: return "\(Link(text, to: address(steps + [number], file: true)))"
        case .symbolicLink: return "\(text) → \(Self.text(node.linkTarget))"
        default: return "\(text)"
        }
    }

    private func size(of node: Node) -> HTML {
        node.type == .file ? "\(ByteText.of(Int64(clamping: node.size)))" : ""
    }

    private var restoring: HTML {
        let path = "/" + way.map(Self.text).joined(separator: "/")
        let snapshot = record.snapshot.short + (way.isEmpty ? "" : ":\(path)")
        let words = [
            "salus", "backup", "restore", snapshot, "--repo", repository.placeName, "--password-file", "FILE",
            "--target", "FOLDER",
        ]
        return """
            <p>On the server, into a folder of its own:</p>
            \(CodeBlock(words.map(ShellWords.quoted).joined(separator: " "), label: "Restore this folder"))
            """
    }

    private static func text(_ name: [UInt8]) -> String {
        TerminalText.harmless(String(decoding: name, as: UTF8.self))
    }

    private static func instant(_ time: Timestamp) -> Instant {
        let (micro, overflow) = time.seconds.multipliedReportingOverflow(by: 1_000_000)
        return Instant(microseconds: overflow ? 0 : micro)
    }
}
