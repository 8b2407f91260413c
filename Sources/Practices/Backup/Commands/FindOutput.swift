// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// What was found, for people and as restic's JSON: one array, written while the search goes on.
final class FindOutput {
    private let pieces: OutputPieces
    private let isJSON: Bool
    private let isQuiet: Bool
    private let isLong: Bool
    private let isForPeople: Bool
    private var current: ObjectID?
    /// How many matches the array has, or those of the current snapshot.
    private var hits = 0
    private var isOpen = false

    init(_ command: BackupFind) throws(SystemError) {
        pieces = try OutputPieces()
        (isJSON, isQuiet) = (command.options.json, command.options.quiet)
        (isLong, isForPeople) = (command.long, command.humanReadable)
    }

    func add(_ item: TreeWalk.Item, of entry: SnapshotList.Entry) throws(SystemError) {
        let path = PathText.bytes(item.path)
        if current != entry.id { try begin(entry) }
        guard isJSON else {
            return try pieces.line(NodeText.line(path, item.node, isLong: isLong, isForPeople: isForPeople))
        }
        try pieces.write((hits > 0 ? "," : "") + NodeText.found(path, item.node))
        hits += 1
    }

    private func begin(_ entry: SnapshotList.Entry) throws(SystemError) {
        if isJSON {
            try pieces.write(isOpen ? end() + "," : "[")
            try pieces.write(#"{"matches":["#)
        } else if !isQuiet {
            try pieces.line((current == nil ? "" : "\n") + "In snapshot \(Self.text(entry)):")
        }
        (current, hits, isOpen) = (entry.id, 0, true)
    }

    private func end() -> String {
        #"],"hits":\#(hits),"snapshot":"\#(current?.hex ?? "")"}"#
    }

    func add(_ match: BlobSearch.Match, of entry: SnapshotList.Entry, _ packs: [ObjectID]) throws(SystemError) {
        let name = match.handle.type == .data ? "blob" : "tree"
        guard isJSON else {
            try pieces.line("\(name) \(match.handle.id)")
            try pieces.line("  in \(NodeText.name(PathText.bytes(match.path)))")
            if let parent = match.parent { try pieces.line("  of the folder \(parent)") }
            for pack in packs { try pieces.line("  in pack \(pack)") }
            return try pieces.line("  in snapshot \(Self.text(entry))")
        }
        var line = JSONLine()
        line.add("object_type", name)
        line.add("id", match.handle.id.hex)
        line.add("path", PathText.bytes(match.path))
        if let parent = match.parent { line.add("parent_tree", parent.hex) }
        line.add("snapshot", entry.id.hex)
        line.add("time", entry.snapshot.time)
        if let pack = packs.first { line.add("pack", pack.hex) }
        try pieces.write((isOpen ? "," : "[") + line.finish())
        isOpen = true
    }

    func finish() throws(SystemError) {
        if isJSON {
            let last = current == nil ? "" : end()
            try pieces.line(isOpen ? last + "]" : "[]")
        }
        try pieces.flush()
    }

    func flush() throws(SystemError) {
        try pieces.flush()
    }

    private static func text(_ entry: SnapshotList.Entry) -> String {
        "\(entry.id.short) of \(entry.snapshot.time.text.prefix(19).replacing("T", with: " "))"
    }
}
