// SPDX-License-Identifier: Apache-2.0

import ResticFormat
import TestSupport
import Testing

@testable import Backup

struct ComparisonTests {
    private func changes(
        _ first: ObjectID, _ second: ObjectID, _ fixture: TreeFixture
    ) async throws -> (lines: [String], result: Comparison, complaints: Complaints) {
        try await fixture.flush()
        let complaints = Complaints()
        var comparison = Comparison(fixture.blobs, complaints)
        comparison.looksAtMetadata = true
        var lines: [String] = []
        try await comparison.run(first, second) { change in
            lines.append("\(change.mark) \(String(decoding: change.path, as: UTF8.self))")
        }
        return (lines, comparison, complaints)
    }

    @Test
    func contentThatChangedAllByItselfIsMarked() async throws {
        try await TreeFixture.with { fixture in
            let (one, other) = (try await fixture.data("good"), try await fixture.data("evil"))
            let first = try await fixture.tree([TreeFixture.file("a", [one])])
            let second = try await fixture.tree([TreeFixture.file("a", [other])])
            let (lines, result, _) = try await changes(first, second, fixture)
            #expect(lines == ["M? /a"])
            #expect(result.changedFiles == 1 && result.added.dataBlobs == 1 && result.added.treeBlobs == 1)
        }
    }

    @Test
    func theSameTimeByAnotherClockIsNoChange() async throws {
        try await TreeFixture.with { fixture in
            let content = try await fixture.data("text")
            var nodes = [TreeFixture.file("a", [content]), TreeFixture.file("a", [content])]
            nodes[0].modified = Timestamp(seconds: 3_600, nanoseconds: 5, offset: 0)
            nodes[1].modified = Timestamp(seconds: 3_600, nanoseconds: 5, offset: 7_200)
            let (first, second) = (try await fixture.tree([nodes[0]]), try await fixture.tree([nodes[1]]))
            let (lines, _, _) = try await changes(first, second, fixture)
            #expect(first != second && lines == [])
        }
    }

    /// A folder that both have is looked into only when something new might have been in it before.
    @Test
    func foldersThatBothHaveAreNotRead() async throws {
        try await TreeFixture.with { fixture in
            let (content, nowhere) = (try await fixture.data("text"), ObjectID(hashing: [1]))
            let same = TreeFixture.directory("same", nowhere)
            let (link, folder) = (Node(name: Array("z".utf8), type: .symbolicLink), [same])
            let first = try await fixture.tree([same])
            let (none, sameResult, quiet) = try await changes(first, first, fixture)
            #expect(none == [] && quiet.isEmpty && sameResult.added.treeBlobs == 0)
            let second = try await fixture.tree(folder + [TreeFixture.file("x", [content]), link])
            let (lines, result, complaints) = try await changes(first, second, fixture)
            #expect(lines == ["+ /x", "+ /z"])
            #expect(result.added.files == 1 && result.added.others == 1 && result.added.dataBlobs == 1)
            #expect(!complaints.isEmpty)
        }
    }

    /// What moved out of a folder that stayed as it was is not new.
    @Test
    func contentOfFoldersThatStayedIsNotNew() async throws {
        try await TreeFixture.with { fixture in
            let content = try await fixture.data("text")
            let kept = TreeFixture.directory("kept", try await fixture.tree([TreeFixture.file("a", [content])]))
            let first = try await fixture.tree([kept])
            let second = try await fixture.tree([TreeFixture.file("copy", [content]), kept])
            let (lines, result, _) = try await changes(first, second, fixture)
            #expect(lines == ["+ /copy"])
            #expect(result.added.dataBlobs == 0 && result.added.treeBlobs == 1 && result.removed.treeBlobs == 1)
        }
    }
}
