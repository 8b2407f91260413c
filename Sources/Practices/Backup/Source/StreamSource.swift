// SPDX-License-Identifier: Apache-2.0

import Building
import Foundation
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

    /// - Throws: `Fault` when the program cannot be started or fails: then there is no snapshot.
    func save(_ archiver: Archiver, previous: TreeText) async throws -> ObjectID {
        let files = try await arrived(archiver)
        var (root, folder) = (AssembledFolder(), Self.node(.directory, 0o040755))
        folder.name = []
        for file in files { root.add(file.node, at: file.path[...], file.stored, pattern: folder) }
        return try await root.save(archiver, previous: previous)
    }

    private func arrived(_ archiver: Archiver) async throws -> [ArrivingFiles.File] {
        let source = try Source(input)
        return try await withThrowingTaskGroup(of: ArrivingFiles.Done.self) { group in
            var arriving = ArrivingFiles(archiver)
            var node = Self.node(.file, 0o100644)
            node.name = path.last ?? []
            arriving.begin(node, at: path, size: nil)
            while let bytes = try source.next() { try await arriving.add(bytes[...], &group) }
            try source.finish()
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

    /// The end from which bytes come.
    private struct Source {
        private let file: FileHandle
        private let program: Process?

        private static let most = 1 << 20

        init(_ input: Input) throws(Fault) {
            guard case .command(let words) = input else {
                (file, program) = (.standardInput, nil)
                return
            }
            let (process, pipe) = (Process(), Pipe())
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["--"] + words
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = pipe
            // Its complaints are the operator's; what opens the repository is not its business.
            process.environment = ProcessInfo.processInfo.environment.filter { entry in
                !["RESTIC_", "AWS_", "SALUS_"].contains { entry.key.hasPrefix($0) }
            }
            do {
                try process.run()
            } catch {
                throw Fault(.unavailable, "The program \(TerminalText.harmless(words[0])) cannot be started.")
            }
            (file, program) = (pipe.fileHandleForReading, process)
        }

        /// What comes next; nil at the end.
        func next() throws -> [UInt8]? {
            guard let data = try file.read(upToCount: Self.most), !data.isEmpty else { return nil }
            return Array(data)
        }

        /// - Throws: `Fault` when the program says that it failed.
        func finish() throws(Fault) {
            guard let program else { return }
            program.waitUntilExit()
            guard program.terminationReason == .exit, program.terminationStatus == 0 else {
                throw Fault(
                    .unavailable,
                    "The program failed (exit status \(program.terminationStatus)), so there is no snapshot.")
            }
        }
    }
}
