// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// How much there is in snapshots, by restic's four ways of counting.
struct Statistics: Sendable {
    /// What is counted.
    enum Mode: String, CaseIterable, Sendable {
        /// What a restore of each snapshot would write.
        case restoreSize = "restore-size"
        /// Files with the same content once.
        case filesByContents = "files-by-contents"
        /// The parts of each file, a part that a file holds twice once.
        case blobsPerFile = "blobs-per-file"
        /// What is stored, as it is stored.
        case rawData = "raw-data"
    }

    let mode: Mode
    private(set) var snapshots = 0
    private(set) var files: UInt64 = 0
    private(set) var blobs: UInt64 = 0
    private(set) var size: UInt64 = 0
    /// What `size` would be without compression; 0 where nothing is compressed.
    private(set) var uncompressedSize: UInt64 = 0
    private var compressed = Compressed()
    private var seen = Seen()

    /// Blobs that are compressed.
    private struct Compressed: Sendable {
        var stored: UInt64 = 0
        var content: UInt64 = 0
    }

    /// What was counted already. Of paths and contents only hashes are kept, whose size is known.
    private struct Seen: Sendable {
        var contents: Set<ObjectID> = []
        var paths: Set<ObjectID> = []
        var references: Set<ObjectID> = []
        var blobs: Set<BlobHandle> = []
    }

    init(_ mode: Mode) {
        self.mode = mode
    }

    /// How many times as long the content of compressed blobs is as their stored form; 0 without any.
    var compressionRatio: Double { Self.share(compressed.content, of: compressed.stored) }

    /// How much of what is stored belongs to blobs that are compressed, in per cent of the content.
    var compressionProgress: Double { Self.share(compressed.content, of: uncompressedSize) * 100 }

    /// By how much compression makes everything smaller, in per cent.
    var compressionSpaceSaving: Double {
        uncompressedSize == 0 ? 0 : (1 - Self.share(size, of: uncompressedSize)) * 100
    }

    private static func share(_ part: UInt64, of whole: UInt64) -> Double {
        whole == 0 ? 0 : Double(part) / Double(whole)
    }

    /// Counts a snapshot.
    ///
    /// - Throws: `UnreadableFolder`, `BlobError`.
    mutating func add(_ snapshot: Snapshot, _ reader: BlobReader) async throws {
        snapshots += 1
        var names = Set<FileNumber>()
        if mode == .rawData, !seen.blobs.insert(BlobHandle(.tree, snapshot.tree)).inserted { return }
        try await TreeWalk(blobs: reader).walk(snapshot.tree) { item in
            switch mode {
            case .restoreSize: countRestored(item.node, &names)
            case .filesByContents: countFile(item.node)
            case .blobsPerFile: try countParts(item, reader)
            case .rawData: return collect(item.node)
            }
            return .inside
        }
    }

    /// A file by the number that the file system gave it.
    private struct FileNumber: Hashable {
        let inode: UInt64
        let device: UInt64
    }

    private mutating func countRestored(_ node: Node, _ names: inout Set<FileNumber>) {
        files += 1
        if node.links != 1, node.type != .directory, node.inode != 0,
            !names.insert(FileNumber(inode: node.inode, device: node.device)).inserted
        {
            return
        }
        Self.add(node.size, to: &size)
    }

    private mutating func countFile(_ node: Node) {
        guard seen.contents.insert(Self.hash(of: node.content)).inserted else { return }
        files += 1
        Self.add(node.size, to: &size)
    }

    private mutating func countParts(_ item: TreeWalk.Item, _ reader: BlobReader) throws {
        guard seen.contents.insert(Self.hash(of: item.node.content)).inserted else { return }
        let path = PathText.bytes(item.path)
        for id in item.node.content ?? [] {
            if seen.paths.insert(ObjectID(hashing: path)).inserted { files += 1 }
            // No path holds a zero byte, so no two pairs make the same text.
            guard seen.references.insert(ObjectID(hashing: path + [0] + id.bytes)).inserted else { continue }
            Self.add(UInt64(try Self.place(of: BlobHandle(.data, id), reader).contentLength), to: &size)
            blobs += 1
        }
    }

    private mutating func collect(_ node: Node) -> TreeWalk.Next {
        for id in node.content ?? [] { seen.blobs.insert(BlobHandle(.data, id)) }
        guard let tree = node.subtree else { return .past }
        return seen.blobs.insert(BlobHandle(.tree, tree)).inserted ? .inside : .past
    }

    /// Ends the counting.
    ///
    /// - Throws: `BlobError.unknown`.
    mutating func finish(_ reader: BlobReader) throws {
        for handle in seen.blobs {
            let blob = try Self.place(of: handle, reader)
            blobs += 1
            Self.add(UInt64(blob.length), to: &size)
            guard reader.repository.config.version == .two else { continue }
            let content = UInt64(blob.contentLength + Sealer.overhead)
            Self.add(content, to: &uncompressedSize)
            guard blob.uncompressedLength > 0 else { continue }
            Self.add(UInt64(blob.length), to: &compressed.stored)
            Self.add(content, to: &compressed.content)
        }
    }

    private static func place(of handle: BlobHandle, _ reader: BlobReader) throws -> PackedBlob {
        guard let place = reader.index.places(handle).first else { throw BlobError.unknown(handle) }
        return place.blob
    }

    private static func hash(of content: [ObjectID]?) -> ObjectID {
        var bytes: [UInt8] = []
        for id in content ?? [] { id.append(to: &bytes) }
        return ObjectID(hashing: bytes)
    }

    private static func add(_ number: UInt64, to sum: inout UInt64) {
        let (result, overflow) = sum.addingReportingOverflow(number)
        sum = overflow ? .max : result
    }
}
