// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ResticFormat

/// `salus backup ls`: what is in a snapshot.
struct BackupLs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List what is in a snapshot, or in folders of it.",
        discussion: """
            With folders, only they and what is directly in them is listed; with --recursive, everything in them.

            EXIT STATUS: 0 done, 1 failed or something could not be read, 2 wrong usage, 10 there is no repository, 11 it \
            is locked, 12 the password is wrong.
            """)

    @OptionGroup var options: ReadingOptions

    @Argument(
        help:
            "The first digits of the snapshot, or `latest`; with `:FOLDER`, that folder stands at the root of the list."
    )
    var snapshot: String

    @Argument(help: "Folders, as absolute paths; everything when none is named.")
    var folders: [String] = []

    @OptionGroup var filter: SnapshotFilterOptions

    @Flag(name: .shortAndLong, help: "With permissions, owner, length and time.")
    var long = false

    @Flag(help: "Lengths in units for people.")
    var humanReadable = false

    @Flag(help: "List what is in folders of the folders, too.")
    var recursive = false

    func validate() throws {
        guard folders.allSatisfy({ $0.hasPrefix("/") }) else {
            throw ValidationError("Folders are absolute paths: begin them with `/`.")
        }
    }

    func run() async throws {
        let command = self
        try await options.read { reading, complaints in
            let folder = try await reading.folder(command.snapshot, command.filter.filter)
            let output = try OutputPieces()
            defer { try? output.flush() }
            if command.options.json {
                let members: [(StaticString, String)] = [("message_type", "snapshot"), ("struct_type", "snapshot")]
                try output.line(SnapshotOutput.json(folder.entry, members, tree: folder.tree))
            }
            let selection = Selection(
                folders: command.folders.map { Targets.names(of: $0, from: "/") }, isRecursive: command.recursive)
            let walk = TreeWalk(blobs: reading.blobs, complaints: complaints)
            try await walk.walk(folder.tree) { item in
                let (isListed, next) = selection.look(at: item.path)
                if isListed { try command.list(item, output) }
                return next
            }
            try output.flush()
        }
    }

    private func list(_ item: TreeWalk.Item, _ output: OutputPieces) throws {
        let path = PathText.bytes(item.path)
        try output.line(
            options.json
                ? NodeText.listed(path, item.node)
                : NodeText.line(path, item.node, isLong: long, isForPeople: humanReadable))
    }

    /// What is listed.
    private struct Selection {
        let folders: [[[UInt8]]]
        let isRecursive: Bool

        func look(at path: [[UInt8]]) -> (isListed: Bool, next: TreeWalk.Next) {
            let isInside = folders.isEmpty || folders.contains { path.starts(with: $0) }
            let isOnTheWay = folders.isEmpty || folders.contains { $0.starts(with: path) }
            return (isInside, isOnTheWay || isInside && isRecursive ? .inside : .past)
        }
    }
}
