// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Glibc
import ResticFormat

/// `salus backup dump`: a file of a snapshot on standard output.
struct BackupDump: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump", abstract: "Write a file of a snapshot to standard output, or a folder as a tar archive.",
        discussion: """
            A folder's archive has links, devices, owners, times to the nanosecond, attributes and access lists \
            (`tar --xattrs --acls`). `/` stands for the whole snapshot.

            EXIT STATUS: 0 done, 1 failed or something could not be read, 2 wrong usage, 10 there is no repository, 11 it \
            is locked, 12 the password is wrong.
            """)

    @OptionGroup var options: ReadingOptions

    @Argument(help: "The first digits of the snapshot, or `latest`; with `:FOLDER`, paths begin in that folder of it.")
    var snapshot: String

    @Argument(help: "The file or folder.")
    var path: String

    @OptionGroup var filter: SnapshotFilterOptions

    @Option(name: .shortAndLong, help: "What a folder becomes: tar.")
    var archive = Archive.tar

    @Option(name: .shortAndLong, help: "Write to this file instead of standard output.", completion: .file())
    var target: String?

    /// Restic has zip, too; nobody needs it to restore.
    enum Archive: String, ExpressibleByArgument, CaseIterable {
        case tar
    }

    func run() async throws {
        let command = self
        try await options.read { reading, complaints in
            let folder = try await reading.folder(command.snapshot, command.filter.filter)
            let names = Targets.names(of: command.path, from: "/")
            guard let found = try await reading.blobs.find(names, from: folder.tree) else {
                throw ReadingError.notFound(PathText.bytes(names))
            }
            var dump = SnapshotDump(reading.blobs, try command.output(isArchive: found.tree != nil), complaints)
            if let tree = found.tree {
                try await dump.archive(tree, at: names)
            } else if let node = found.node, node.type == .file {
                try await dump.file(node)
            } else if let node = found.node {
                throw ReadingError.noContent(PathText.bytes(names), node.type)
            }
        }
    }

    private func output(isArchive: Bool) throws -> OutputPieces {
        if let target {
            return OutputPieces(
                try Descriptor(opening: Array(target.utf8), O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600))
        }
        if isArchive, isatty(STDOUT_FILENO) == 1 { throw ReadingError.terminal }
        return try OutputPieces()
    }
}
