// SPDX-License-Identifier: Apache-2.0

import Foundation
import ResticFormat
import Testing

@testable import Backup

/// What is restored, and how it gets there.
struct RestoreTests {
    private func restore(_ tree: ObjectID, _ fixture: TreeFixture) async throws -> RestoreProgress.State {
        let progress = RestoreProgress()
        try await Restorer(
            blobs: fixture.blobs, target: fixture.folder + "/target", selection: RestoreSelection(), verifies: true,
            isDryRun: false, progress: progress
        ).restore(tree)
        return progress.now
    }

    /// Deeper than folders are kept open: those further up are opened anew.
    @Test
    func aDeepTreeKeepsItsMetadata() async throws {
        try await TreeFixture.with { fixture in
            var nodes = [TreeFixture.file("file", [try await fixture.data("deep")])]
            for depth in 0..<300 {
                var folder = TreeFixture.directory("d", try await fixture.tree(nodes))
                folder.modified = Timestamp(seconds: Int64(1_000_000 + depth))
                folder.accessed = folder.modified
                (folder.uid, folder.gid) = (getuid(), getgid())
                nodes = [folder, TreeFixture.file("file", [try await fixture.data("\(depth)")])]
            }
            let tree = try await fixture.tree(nodes)
            try await fixture.flush()
            let state = try await restore(tree, fixture)
            #expect(state.failureCount == 0)
            #expect(state.items == 300 + 301)
            var path = fixture.folder + "/target"
            for depth in (0..<300).reversed() {
                #expect(FileManager.default.contents(atPath: path + "/file") == Data("\(depth)".utf8))
                path += "/d"
                let attributes = try FileManager.default.attributesOfItem(atPath: path)
                #expect((attributes[.modificationDate] as? Date)?.timeIntervalSince1970 == Double(1_000_000 + depth))
                #expect(attributes[.posixPermissions] as? Int == 0o755)
            }
            #expect(FileManager.default.contents(atPath: path + "/file") == Data("deep".utf8))
        }
    }

    /// A file that is there makes way; what has many parts, some of them twice, and holes comes out as it was.
    @Test
    func filesOfManyPartsReplaceWhatIsThere() async throws {
        try await TreeFixture.with { fixture in
            let parts = (0..<60).map { number in
                number % 7 == 3
                    ? String(repeating: "\0", count: 100_000) : String(repeating: "part \(number % 40) ", count: 3_000)
            }
            var ids: [ObjectID] = []
            for part in parts { ids.append(try await fixture.data(part)) }
            let whole = Data(parts.joined().utf8)
            let nodes = [
                TreeFixture.file("a", Array(ids.prefix(2))), TreeFixture.file("b", ids),
                TreeFixture.file("c", []), TreeFixture.file("d", [ids[3], ids[0]]),
            ]
            let tree = try await fixture.tree(nodes)
            try await fixture.flush()
            try FileManager.default.createDirectory(
                atPath: fixture.folder + "/target", withIntermediateDirectories: true)
            for name in ["a", "b", "c", "d"] {
                try Data(repeating: 9, count: 5_000_000).write(
                    to: URL(fileURLWithPath: fixture.folder + "/target/" + name))
            }
            let state = try await restore(tree, fixture)
            #expect(state.failureCount == 0)
            let read = { FileManager.default.contents(atPath: fixture.folder + "/target/" + $0) }
            #expect(read("a") == Data((parts[0] + parts[1]).utf8))
            #expect(read("b") == whole)
            #expect(read("c") == Data())
            #expect(read("d") == Data((parts[3] + parts[0]).utf8))
        }
    }

    /// One damaged pack costs what lies in it alone.
    @Test
    func whatLiesInADamagedPackIsNamed() async throws {
        try await TreeFixture.with { fixture in
            var nodes: [Node] = []
            for number in 0..<40 {
                nodes.append(TreeFixture.file("\(100 + number)", [try await fixture.data("content \(number)")]))
            }
            let tree = try await fixture.tree(nodes)
            try await fixture.flush()
            let victim = try #require(nodes[7].content?.first)
            let place = try #require(fixture.blobs.index.places(BlobHandle(.data, victim)).first)
            let hex = place.pack.hex
            let path = fixture.folder + "/repository/data/\(hex.prefix(2))/\(hex)"
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            var pack = try Data(contentsOf: URL(fileURLWithPath: path))
            pack[Int(place.blob.offset) + 20] ^= 1
            try pack.write(to: URL(fileURLWithPath: path))
            let state = try await restore(tree, fixture)
            #expect(state.failureCount == 1)
            #expect(state.failures.first?.path == [Array("107".utf8)])
            #expect(FileManager.default.contents(atPath: fixture.folder + "/target/108") == Data("content 8".utf8))
        }
    }
}
