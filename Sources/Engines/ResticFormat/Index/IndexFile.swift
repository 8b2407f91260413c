// SPDX-License-Identifier: Apache-2.0

import Codecs

/// A part of the index: which blobs lie in which packs (restic design, "Indexing").
public struct IndexFile: Equatable, Sendable {
    /// The packs, in the order in which they were written.
    public var packs: [PackEntry]
    /// How many blobs restic puts into one file.
    public static let blobLimit = 50_000

    /// One pack and its blobs.
    public struct PackEntry: Equatable, Sendable {
        /// The name of the pack.
        public let id: ObjectID
        /// What is in it, in the order in which it lies there.
        public var blobs: [PackedBlob]

        /// An entry, or a file of entries.
        public init(_ id: ObjectID, _ blobs: [PackedBlob]) {
            (self.id, self.blobs) = (id, blobs)
        }
    }

    /// An entry, or a file of entries.
    public init(_ packs: [PackEntry] = []) {
        self.packs = packs
    }

    /// How many blobs it names.
    public var blobCount: Int { packs.reduce(0) { $0 + $1.blobs.count } }

    /// The content of its file.
    public func json() -> [UInt8] {
        // Room for all of it: growing doubles what there is, and megabytes would be there twice.
        var room: [UInt8] = []
        room.reserveCapacity(blobCount * 160 + packs.count * 96 + 16)
        var object = GoJSONObject(after: room)
        object.add("packs", packs) { pack, bytes in
            var object = GoJSONObject(after: consume bytes)
            object.add("id", pack.id)
            object.add("blobs", pack.blobs, Self.append)
            bytes = object.finish()
        }
        return object.finish()
    }

    private static func append(_ blob: PackedBlob, to bytes: inout [UInt8]) {
        var object = GoJSONObject(after: consume bytes)
        object.add("id", blob.handle.id)
        object.add("type", blob.handle.type.name)
        object.add("offset", blob.offset)
        object.add("length", blob.length)
        object.addUnlessZero("uncompressed_length", blob.uncompressedLength)
        bytes = object.finish()
    }

    /// Reads the file; what it says to supersede belongs to an older form and is left aside.
    ///
    /// - Throws: `malformed`.
    public static func parse(_ json: [UInt8]) throws(FormatError) -> IndexFile {
        let root = try FileReader.root(of: json, part: .index)
        var packs: [PackEntry] = []
        for node in elements(of: root["packs"]) {
            let reader = FileReader(node, part: .index)
            guard let id = try reader.id("id") else { throw reader.wrong("id") }
            var blobs: [PackedBlob] = []
            for element in elements(of: node["blobs"]) {
                blobs.append(try blob(FileReader(element, part: .index)))
            }
            packs.append(PackEntry(id, blobs))
        }
        return IndexFile(packs)
    }

    private static func elements(of node: JSONNode?) -> [JSONNode] {
        node.map { Array($0.elements) } ?? []
    }

    private static func blob(_ reader: FileReader) throws(FormatError) -> PackedBlob {
        guard let id = try reader.id("id") else { throw reader.wrong("id") }
        let type: BlobType
        switch try reader.text("type") {
        case "data": type = .data
        case "tree": type = .tree
        default: throw reader.wrong("type")
        }
        guard let offset = try reader.number("offset", as: UInt32.self) else { throw reader.wrong("offset") }
        guard let length = try reader.number("length", as: UInt32.self), length >= Sealer.overhead,
            !offset.addingReportingOverflow(length).overflow
        else { throw reader.wrong("length") }
        return PackedBlob(
            BlobHandle(type, id), offset: offset, length: length,
            uncompressedLength: try reader.number("uncompressed_length", as: UInt32.self) ?? 0)
    }
}
