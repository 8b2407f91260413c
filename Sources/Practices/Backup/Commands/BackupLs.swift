// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import ResticFormat

/// `salus backup ls`: what is in a snapshot.
struct BackupLs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List what is in a snapshot, or in a folder of it.")

    @OptionGroup var options: RepositoryOptions

    @Argument(help: "The first digits of the snapshot, or `latest`; with `:FOLDER`, only that folder of it.")
    var snapshot: String

    @OptionGroup var filter: SnapshotFilterOptions

    @Flag(name: .shortAndLong, help: "With permissions, owner, length and time.")
    var long = false

    func run() async throws {
        let command = self
        try await options.open { repository in
            let (name, folder) = SnapshotPath.split(command.snapshot)
            let chosen = try await SnapshotList.load(repository).choose(name, command.filter.filter)
            let (index, flaws) = try await LoadedIndex.load(repository)
            for flaw in flaws { Terminal.complain("salus: \(TerminalText.harmless(flaw))") }
            let blobs = BlobReader(repository: repository, index: index)
            guard let tree = try await blobs.find(folder, from: chosen.snapshot.tree)?.tree else {
                throw SnapshotChoiceError.noFolder(command.snapshot)
            }
            try await command.list(tree, at: folder, blobs)
        }
    }

    private func list(_ tree: ObjectID, at path: [[UInt8]], _ blobs: BlobReader) async throws {
        for node in try await blobs.nodes(of: tree) {
            let here = path + [node.name]
            let text = "/" + here.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
            if options.json {
                var bytes: [UInt8] = []
                node.append(to: &bytes)
                Terminal.line(
                    String(decoding: bytes.dropLast(), as: UTF8.self) + #","path":\#(JSONText.quoted(text))}"#)
            } else if long {
                let mode = String(node.mode.permissions, radix: 8)
                Terminal.line(
                    "\(node.type.rawValue)  \(mode)  \(node.uid):\(node.gid)  \(node.size)  \(node.modified.text.prefix(19))  "
                        + TerminalText.harmless(text))
            } else {
                Terminal.line(TerminalText.harmless(text))
            }
            if let subtree = node.subtree { try await list(subtree, at: here, blobs) }
        }
    }
}
