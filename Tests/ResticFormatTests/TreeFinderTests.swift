// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ResticFormat

/// A folder of the parent snapshot, of which only what changed is read.
struct TreeFinderTests {
    private static let names =
        ["a", "b\"c", "d\\e", "f", "g\u{E9}", "h\nj", "k<&>", "z"].map { Array($0.utf8) } + [[0xFF]]

    private static func node(_ name: [UInt8]) -> Node {
        var node = Node(name: name, type: .file)
        node.mode = FileMode(unix: 0o100644)
        node.modified = Timestamp(seconds: 1_700_000_000, nanoseconds: 5, offset: 3_600)
        (node.uid, node.user, node.inode, node.size, node.links) = (1, "anna", 7, 3, 1)
        node.extendedAttributes = [ExtendedAttribute(name: Array("user.a".utf8), value: [0, 255])]
        node.content = (0..<name.count % 3).map { ObjectID(hashing: [UInt8($0)]) }
        return node
    }

    @Test
    func everyNameIsFoundAndNoOther() throws {
        let nodes = Self.names.map { Self.node($0) }
        let text = Tree.encode(nodes)
        for step in 1...nodes.count {
            var finder = try TreeFinder(.plain(text))
            for node in nodes {
                let before = Array(node.name.dropLast()) + [node.name[node.name.count - 1] - 1]
                let missing = try finder.find(before)
                #expect(missing?.name ?? before == before)
                guard Int(node.name[0]) % step == 0 else { continue }
                let found = try #require(try finder.find(node.name))
                #expect(try found.node() == node)
            }
            let last = try finder.find([0xFF, 0xFF])
            #expect(last == nil)
        }
        var empty = TreeFinder()
        let none = try empty.find([1])
        #expect(none == nil)
    }

    @Test
    func whatIsTheSameIsWrittenAgainToTheByte() throws {
        let nodes = Self.names.map { Self.node($0) }
        var finder = try TreeFinder(.plain(Tree.encode(nodes)))
        var writer = TreeWriter()
        for node in nodes {
            let found = try #require(try finder.find(node.name))
            var seen = node
            seen.content = nil
            #expect(found.content(ifElseSameAs: seen) == node.content)
            try writer.append(found)
        }
        guard case .plain(let text) = try writer.finish() else {
            Issue.record("a short text was packed")
            return
        }
        #expect(text == Tree.encode(nodes))
    }

    @Test
    func whateverDiffersIsSeen() throws {
        let node = Self.node(Array("a name".utf8))
        var finder = try TreeFinder(.plain(Tree.encode([node])))
        let found = try #require(try finder.find(node.name))
        var others = Array(repeating: node, count: 8)
        others[0].mode = FileMode(unix: 0o100600)
        others[1].modified = Timestamp(seconds: 1_700_000_000, nanoseconds: 6, offset: 3_600)
        others[2].uid = 2
        others[3].user = "ann"
        others[4].inode = 77
        others[5].size = 33
        others[6].extendedAttributes = []
        others[7].links = 11
        for other in others { #expect(found.content(ifElseSameAs: other) == nil) }
        #expect(found.content(ifElseSameAs: node) == node.content)
    }

    @Test(arguments: [
        #"{"nodes":[{"name":"b","type":"file"},{"name":"a","type":"file"}]}"#,
        #"{"nodes":[{"name":"a","type":"file"},{"name":"a","type":"file"}]}"#,
        #"{"nodes":[{"nam":"a","type":"file"}]}"#, #"{"nodes":[1]}"#, "[]",
        #"{"nodes":[{"name":"a","type":"file"}"#,
    ])
    func whatIsNoFolderIsRefused(text: String) {
        #expect(throws: FormatError.self) {
            var finder = try TreeFinder(.plain(Array(text.utf8)))
            _ = try finder.find(Array("z".utf8))
        }
    }

    @Test(arguments: [
        #""content":["00"]}"#, #""content":null}"#, #""content":[],"subtree":""}"#, #""content":["# + "]",
        #""content":[""# + String(repeating: "g", count: 64) + #""]}"#,
        #""content":[""# + String(repeating: "0", count: 64) + #"";]}"#,
    ])
    func aContentThatIsWrittenInAnotherWayIsNotTaken(rest: String) throws {
        var node = Self.node(Array("a".utf8))
        node.content = nil
        var object = GoJSONObject()
        node.appendStatus(to: &object)
        let found = try StoredNode(object.unfinished() + Array(("," + rest).utf8))
        #expect(found.content(ifElseSameAs: node) == nil)
    }
}
