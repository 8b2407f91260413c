// SPDX-License-Identifier: Apache-2.0

import Building
import Glibc
import Kernel
import ResticFormat

/// What a program writes, as one file of a snapshot: a dump for instance, which never touches this machine's disk.
struct StreamSource: SnapshotSource {
    /// Where the bytes come from.
    enum Input: Sendable {
        case standardInput
        /// A program and its arguments, without a shell.
        case command([String])
    }

    /// The names from the root on.
    private let path: [[UInt8]]
    private let input: Input

    /// - Parameter name: what the snapshot calls the file; may name folders.
    /// - Throws: `Fault.invalidInput` for a name that leads nowhere.
    init(name: String, _ input: Input) throws(Fault) {
        path = Targets.names(of: name, from: "/")
        self.input = input
        guard !path.isEmpty, path.allSatisfy(RestoreFolder.isSafe) else {
            throw Fault(.invalidInput, "The file needs a name: --stdin-filename dump.sql for instance.")
        }
    }

    var paths: [String] { ["/" + PathText.joined(path)] }
    var pathsHere: [String] { [] }

    /// - Throws: `Fault` when the program cannot be started or fails: then there is no snapshot.
    func save(_ archiver: Archiver, previous: TreeText) async throws -> ObjectID {
        let files = try await arrived(archiver)
        var (root, folder) = (AssembledFolder(), Self.node(.directory, 0o040755))
        folder.name = []
        for file in files { root.add(file.node, at: file.path[...], file.stored, pattern: folder) }
        return try await root.save(archiver, previous: previous)
    }

    private func arrived(_ archiver: Archiver) async throws -> [ArrivingFiles.File] {
        try await withThrowingTaskGroup(of: ArrivingFiles.Done.self) { group in
            var stream = try IncomingStream(input)
            var arriving = ArrivingFiles(archiver)
            var node = Self.node(.file, 0o100644)
            node.name = path.last ?? []
            arriving.begin(node, at: path, size: nil)
            while let bytes = try stream.next() { try await arriving.add(bytes[...], &group) }
            try stream.finish()
            try await arriving.end(&group)
            try await arriving.finish(&group)
            return arriving.files
        }
    }

    private static func node(_ type: NodeType, _ mode: UInt32) -> Node {
        var node = Node(name: [], type: type)
        let now = LocalClock.now()
        node.mode = FileMode(unix: mode)
        (node.modified, node.accessed, node.changed) = (now, now, now)
        (node.uid, node.gid, node.links) = (getuid(), getgid(), 1)
        return node
    }
}
