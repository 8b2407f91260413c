// SPDX-License-Identifier: Apache-2.0

import Foundation
import ResticFormat
import TestSupport
import Testing

@testable import Backup

/// Whatever names a repository holds, nothing is written outside the target.
struct RestoreSafetyTests {
    /// A repository whose only snapshot holds these nodes; the tree is written as it stands, however odd.
    private func restore(
        _ nodes: [Node], into target: String, in folder: String, content: [UInt8] = Array("evil".utf8)
    ) async throws -> RestoreProgress.State {
        let place = LocalPlace(folder + "/repository-\(UUID())")
        let repository = try await Repository.create(at: place, password: Array("p".utf8), who: .current)
        let (index, _) = try await LoadedIndex.load(repository)
        let store = try BlobStore(repository, index)
        _ = try await store.store(content, .data)
        let tree = try await store.store(Tree.encode(nodes), .tree).id
        try await store.flush()
        let progress = RestoreProgress()
        try await Restorer(
            blobs: BlobReader(repository: repository, index: index), target: target, selection: RestoreSelection(),
            verifies: true, isDryRun: false, progress: progress
        ).restore(tree)
        return progress.now
    }

    private func file(_ name: String) -> Node {
        var node = Node(name: Array(name.utf8), type: .file)
        node.content = [ObjectID(hashing: Array("evil".utf8))]
        node.size = 4
        node.mode = FileMode(unix: 0o100644)
        (node.uid, node.gid, node.links) = (getuid(), getgid(), 1)
        return node
    }

    private func everything(in folder: String) -> Set<String> {
        Set(
            (FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []).filter {
                !$0.hasPrefix("repo")
            })
    }

    @Test(arguments: ["..", ".", "", "/evil", "../evil", "a/evil", "a\0b"])
    func namesThatAreNoNamesAreLeftOut(name: String) async throws {
        try await TemporaryFolder.with { folder in
            let state = try await restore([file(name)], into: folder + "/target", in: folder)
            #expect(state.failureCount == 1)
            #expect(everything(in: folder) == ["target"])
        }
    }

    @Test
    func aLinkThatWasPlantedInTheTargetIsNotFollowed() async throws {
        try await TemporaryFolder.with { folder in
            try FileManager.default.createDirectory(atPath: folder + "/outside", withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: folder + "/target", withIntermediateDirectories: true)
            try Data("mine".utf8).write(to: URL(fileURLWithPath: folder + "/precious"))
            let links = [("/target/folder", "/outside"), ("/target/file", "/precious")]
            for (link, path) in links {
                try FileManager.default.createSymbolicLink(atPath: folder + link, withDestinationPath: folder + path)
            }
            var inside = Node(name: Array("folder".utf8), type: .directory)
            inside.subtree = nil
            let state = try await restore([file("file"), inside], into: folder + "/target", in: folder)
            #expect(state.failureCount == 0)
            #expect(FileManager.default.contents(atPath: folder + "/precious") == Data("mine".utf8))
            #expect(FileManager.default.contents(atPath: folder + "/target/file") == Data("evil".utf8))
            #expect(everything(in: folder + "/outside").isEmpty)
        }
    }

    /// A snapshot that first makes a link and then a folder of the same place cannot be: names do not repeat.
    @Test
    func aFolderOfTwoThingsWithOneNameIsRefused() async throws {
        try await TemporaryFolder.with { folder in
            var link = Node(name: Array("a".utf8), type: .symbolicLink)
            link.linkTarget = Array("/tmp".utf8)
            await #expect(throws: FormatError.self) {
                _ = try await restore([link, file("a")], into: folder + "/target", in: folder)
            }
            #expect(!everything(in: folder).contains("target/a"))
        }
    }

    @Test
    func aBlobThatIsMissingIsNamedAndTheRestIsRestored() async throws {
        try await TemporaryFolder.with { folder in
            var broken = file("broken")
            broken.content = [ObjectID(hashing: [1])]
            let state = try await restore([broken, file("good")], into: folder + "/target", in: folder)
            #expect(state.failureCount == 1)
            #expect(state.failures.first?.path == [Array("broken".utf8)])
            #expect(FileManager.default.contents(atPath: folder + "/target/good") == Data("evil".utf8))
        }
    }
}
