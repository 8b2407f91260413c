// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ResticFormat

struct TreeTests {
    @Test
    func aNodeIsWrittenToTheByte() throws {
        var node = Node(name: Array(#"a"b\c"#.utf8), type: .file)
        node.mode = FileMode(unix: 0o100644)
        node.modified = Timestamp(seconds: 1_700_000_000, nanoseconds: 5, offset: 3_600)
        node.accessed = node.modified
        node.changed = Timestamp(seconds: 1_700_000_001, offset: 3_600)
        (node.uid, node.gid, node.user) = (0, 1_000, "root")
        (node.inode, node.device, node.size, node.links) = (.max, 65_024, 3, 1)
        node.extendedAttributes = [ExtendedAttribute(name: Array("user.a".utf8), value: [0, 255])]
        node.content = [ObjectID(hashing: [1, 2, 3])]
        let expected =
            #"{"nodes":[{"name":"a\\\"b\\\\c","type":"file","mode":420,"mtime":"2023-11-14T23:13:20.000000005+01:00","#
            + #""atime":"2023-11-14T23:13:20.000000005+01:00","ctime":"2023-11-14T23:13:21+01:00","uid":0,"gid":1000,"#
            + #""user":"root","inode":18446744073709551615,"device_id":65024,"size":3,"links":1,"#
            + #""extended_attributes":[{"name":"user.a","value":"AP8="}],"#
            + #""content":["039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"]}]}"# + "\n"
        #expect(String(decoding: Tree.encode([node]), as: UTF8.self) == expected)
        #expect(try Tree.decode(Tree.encode([node])) == [node])
    }

    @Test
    func whatIsNoFileHasNoContentAndALinkKeepsItsBytes() throws {
        var link = Node(name: [0xFF], type: .symbolicLink)
        link.linkTarget = [0x74, 0xFF, 0x67, 0x74]
        let text = String(decoding: Tree.encode([link]), as: UTF8.self)
        #expect(text.contains(#""name":"\\xff","type":"symlink","mtime""#))
        #expect(text.contains(#""linktarget":"t\ufffdgt","linktarget_raw":"dP9ndA==","content":null"#))
        #expect(try Tree.decode(Tree.encode([link])) == [link])
        #expect(String(decoding: Tree.encode([]), as: UTF8.self) == "{\"nodes\":[]}\n")
        #expect(try Tree.decode(Array("{\"nodes\":[]}\n".utf8)).isEmpty)
    }

    @Test
    func modesAreThoseOfGo() {
        let seen: [(UInt32, UInt32, NodeType)] = [
            (0o120777, 134_218_239, .symbolicLink), (0o010644, 33_554_852, .fifo),
            (0o020644, 69_206_436, .characterDevice),
            (0o104755, 8_389_101, .file), (0o040755, 1 << 31 | 0o755, .directory),
            (0o041777, 1 << 31 | 1 << 20 | 0o777, .directory),
        ]
        for (unix, go, type) in seen {
            #expect(FileMode(unix: unix).rawValue == go)
            #expect(FileMode.type(unix: unix) == type)
            #expect(FileMode(unix: unix).permissions == unix & 0o7777)
        }
    }

    /// Whatever the pieces, the nodes are the same; unknown members before, between and after them are skipped.
    @Test
    func aFolderComesInPiecesOfAnyLength() throws {
        let nodes = (0..<40).map { Node(name: Array("file \(10 + $0) {[\"\\".utf8), type: .file) }
        var text = Array(#" {"new" : {"a":[1,"]}"]}, "n": -1.5e3, "nodes": "#.utf8)
        text += Tree.encode(nodes).dropFirst(9).dropLast(2)
        text += Array(#" , "later": [] }"#.utf8)
        for length in [1, 2, 3, 7, 64, 1_000, text.count] {
            var reader = TreeReader()
            var found: [Node] = []
            for start in stride(from: 0, to: text.count, by: length) {
                reader.feed(text[start..<min(start + length, text.count)])
                while let node = try reader.next() { found.append(node) }
            }
            #expect(found == nodes)
            #expect(reader.isComplete)
        }
    }

    @Test(arguments: [
        "", "{", "[]", "{]", #"{"nodes":}"#, #"{"nodes":[1]}"#, #"{"nodes":[{}]}"#, #"{"nodes":[}]}"#,
        #"{"nodes":[],}"#,
        #"{"nodes":[]}x"#, #"{"nodes":{}}"#, #"{"nodes":[{"name":"a","type":"file"},]}"#,
        #"{"nodes":[{"name":"a","type":"file"} {"name":"b","type":"file"}]}"#,
        #"{"nodes":[{"name":"b","type":"file"},{"name":"a","type":"file"}]}"#,
        #"{"nodes":[{"name":"a","type":"file"},{"name":"a","type":"dir"}]}"#,
        #"{"nodes":[{"name":"a","type":"thing"}]}"#, #"{"nodes":[{"name":"\\","type":"file"}]}"#,
        #"{"nodes":[{"name":"a","type":"file","mtime":"yesterday"}]}"#,
        #"{"nodes":[{"name":"a","type":"file","content":["xy"]}]}"#,
        #"{"nodes":[{"name":"a","type":"file","size":-1}]}"#,
    ])
    func damagedFoldersAreErrors(text: String) {
        #expect(throws: FormatError.self) { try Tree.decode(Array(text.utf8)) }
    }
}
