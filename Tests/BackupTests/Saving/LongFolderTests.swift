// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Backup
@testable import ResticFormat

/// A folder whose text stays packed, and in the middle of which something is wrong.
struct LongFolderTests {
    private static let text = """
        {"nodes":[{"name":"a","type":"dir","subtree":"\(String(repeating: "ab", count: 32))"},\
        {"name":"b","type":"file"}
        """

    private static func content(_ end: String) throws -> FolderContent {
        var packer = try TextPacker(.auto)
        try packer.feed(Array((text + end).utf8).span)
        return .long(.packed(try packer.finish()))
    }

    @Test
    func itsFoldersAreFound() throws {
        let (seen, folders) = TreeSweep.folders(in: .success(try Self.content("]}\n")))
        #expect(folders.map(\.hex) == [String(repeating: "ab", count: 32)])
        var names: [[UInt8]] = []
        try seen.get().each { names.append($0.name) }
        #expect(names == [[0x61], [0x62]])
    }

    /// Prune takes what nobody told it of for unused.
    @Test(arguments: ["", "]", #",{"name":"a","type":"file"}]}"#, "]}\n{}"])
    func whatCannotBeGoneThroughIsNoShorterFolder(end: String) throws {
        let (seen, folders) = TreeSweep.folders(in: .success(try Self.content(end)))
        #expect(folders.count == 1)
        #expect(throws: FormatError.self) { try seen.get() }
    }
}
