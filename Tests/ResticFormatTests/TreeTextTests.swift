// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ResticFormat

/// Folders of so many files that their text is never whole in memory.
struct TreeTextTests {
    private static let nodes = (0..<30_000).map { number in
        let digits = String(number)
        var node = Node(
            name: Array("image-\(String(repeating: "0", count: 5 - digits.count))\(digits).dcm".utf8), type: .file)
        node.modified = Timestamp(seconds: 1_700_000_000, nanoseconds: UInt32(number), offset: 0)
        (node.user, node.inode) = ("radiology", UInt64(number))
        node.content = [ObjectID(hashing: [UInt8(number % 256)])]
        return node
    }
    private static let text = Tree.encode(nodes)

    private static func written(_ compression: Compression?) throws -> TreeText {
        var writer = TreeWriter(packingWith: compression)
        for node in nodes { try writer.append(node) }
        return try writer.finish()
    }

    private static func packed() throws -> PackedText {
        guard case .packed(let packed) = try written(.auto) else { throw FormatError.malformed(.tree, "it is plain") }
        return packed
    }

    private static func sealer() throws -> BlobSealer {
        try BlobSealer(#require(MasterKey((0..<64).map { UInt8($0) })))
    }

    private static func sealed(_ text: PackedText) throws -> (stored: [UInt8], blob: PackedBlob) {
        var sealer = try sealer()
        var generator = SystemRandomNumberGenerator()
        let stored = try sealer.seal(text, using: &generator)
        let blob = PackedBlob(
            BlobHandle(.tree, text.id), offset: 0, length: UInt32(stored.count), uncompressedLength: UInt32(text.count))
        return (stored, blob)
    }

    @Test(arguments: Compression.allCases)
    func aLongTextIsPackedAndKnownByItsOwnHash(compression: Compression) throws {
        guard case .packed(let packed) = try Self.written(compression) else {
            Issue.record("it is plain")
            return
        }
        #expect(packed.id == ObjectID(hashing: Self.text))
        #expect(packed.count == Self.text.count && packed.room.count * 4 < Self.text.count)
        let text = try TreeText.packed(packed).unpacked()
        #expect(text == Self.text)
        let nodes = try TreeText.packed(packed).nodes()
        #expect(nodes == Self.nodes)
    }

    @Test
    func withoutCompressionItStaysAsItIs() throws {
        guard case .plain(let text) = try Self.written(nil) else {
            Issue.record("it was packed")
            return
        }
        #expect(text == Self.text)
    }

    @Test
    func whatIsStoredOpensAsAnyOtherBlobAndPackedAgain() throws {
        let (stored, blob) = try Self.sealed(Self.packed())
        var sealer = try Self.sealer()
        let whole = try sealer.open(stored.span, blob)
        #expect(whole == Self.text)
        guard case .packed(let again) = try sealer.text(of: stored, blob) else {
            Issue.record("it is plain")
            return
        }
        #expect(again.id == blob.handle.id)
        var finder = try TreeFinder(.packed(again))
        for node in Self.nodes[20_000...] {
            let found = try #require(try finder.find(node.name))
            guard try found.node() == node else {
                Issue.record("another node was found")
                return
            }
        }
    }

    @Test
    func damageIsFound() throws {
        let (stored, blob) = try Self.sealed(Self.packed())
        var sealer = try Self.sealer()
        for place in [0, 16, 17, stored.count / 2, stored.count - 17, stored.count - 1] {
            var damaged = stored
            damaged[place] ^= 1
            #expect(throws: FormatError.unauthenticated(.tree)) { try sealer.text(of: damaged, blob) }
        }
        #expect(throws: FormatError.unauthenticated(.tree)) { try sealer.text(of: stored.dropLast(), blob) }
        let others = [
            PackedBlob(
                BlobHandle(.tree, ObjectID(hashing: [])), offset: 0, length: blob.length,
                uncompressedLength: blob.uncompressedLength),
            PackedBlob(
                blob.handle, offset: 0, length: blob.length, uncompressedLength: blob.uncompressedLength - 1),
            PackedBlob(
                blob.handle, offset: 0, length: blob.length, uncompressedLength: blob.uncompressedLength + 1),
            PackedBlob(blob.handle, offset: 0, length: blob.length, uncompressedLength: .max),
        ]
        for other in others { #expect(throws: FormatError.self) { try sealer.text(of: stored, other) } }
    }

    @Test
    func aFrameThatIsNoneIsRefused() throws {
        let packed = try Self.packed()
        var damaged = packed.room
        damaged[PackedText.start] ^= 1
        let rooms = [
            Array(packed.room.dropLast()), packed.room + [0], Array(packed.room.prefix(PackedText.start)), damaged,
        ]
        for room in rooms {
            let text = TreeText.packed(PackedText(id: packed.id, count: packed.count, room: room))
            #expect(throws: FormatError.self) { try text.nodes() }
        }
    }
}
