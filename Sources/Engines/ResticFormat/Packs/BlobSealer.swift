// SPDX-License-Identifier: Apache-2.0

/// Makes the stored form of blobs and reads it back: compressed where that pays, then sealed. One for each thread.
public struct BlobSealer: ~Copyable {
    private let sealer: Sealer
    private let compressor: Compressor
    private let decompressor: Decompressor
    private let version: RepositoryVersion
    private let compression: Compression
    private var frame: [UInt8] = []

    /// The longest blob that is read: a folder of ten million files is no longer.
    public static let limit = 1 << 31 - 1

    /// - Throws: `unavailable`.
    public init(
        _ key: MasterKey, version: RepositoryVersion = .two, compression: Compression = .auto
    ) throws(FormatError) {
        let sealer = try Sealer(key)
        let compressor = try Compressor(compression)
        let decompressor = try Decompressor()
        self.sealer = sealer
        self.compressor = compressor
        self.decompressor = decompressor
        (self.version, self.compression) = (version, compression)
    }

    /// Appends the stored form of `content` to `output`.
    ///
    /// Folders are always compressed in version 2; data is where it becomes shorter.
    ///
    /// - Returns: the length to note beside it: that of the content if it was compressed, else 0.
    /// - Throws: `unavailable`; `output` is then as it was.
    public mutating func seal(
        _ content: Span<UInt8>, _ type: BlobType, using generator: inout some RandomNumberGenerator,
        into output: inout [UInt8]
    ) throws(FormatError) -> UInt32 {
        guard version == .two, type == .tree || compression != .off, content.count > 0 else {
            try sealer.seal(content, using: &generator, into: &output)
            return 0
        }
        let start = output.count
        do {
            // The frame is sealed where it stands: a part of a file is long enough to be in memory once less.
            output.append(contentsOf: repeatElement(0, count: Sealer.nonceByteCount))
            try compressor.compress(content, into: &output)
            if type == .tree || output.count - start < content.count + Sealer.nonceByteCount {
                try sealer.seal(behind: start, of: &output, using: &generator)
                return UInt32(content.count)
            }
            output.removeLast(output.count - start)
        } catch {
            output.removeLast(output.count - start)
            throw error
        }
        try sealer.seal(content, using: &generator, into: &output)
        return 0
    }

    /// The stored form of a packed text, which was opened again and is what it was made of.
    ///
    /// - Throws: `tooLarge`, `unavailable`, `wrongHash` where something else opens, and what opening throws.
    public mutating func seal(
        _ text: PackedText, using generator: inout some RandomNumberGenerator
    ) throws(FormatError) -> [UInt8] {
        guard text.count <= Self.limit else { throw .tooLarge(.tree, limit: Self.limit) }
        var stored = text.room
        try sealer.seal(behind: 0, of: &stored, using: &generator)
        guard try hash(stored.span, count: text.count) == text.id else { throw .wrongHash(.tree) }
        return stored
    }

    /// The text of a stored folder, held against its id; a long one stays packed.
    ///
    /// - Throws: as ``open(_:_:)``.
    public mutating func text(of stored: [UInt8], _ blob: PackedBlob) throws(FormatError) -> TreeText {
        guard blob.uncompressedLength > TreeText.longestPlain else { return .plain(try open(stored.span, blob)) }
        guard blob.contentLength <= Self.limit else { throw .tooLarge(.tree, limit: Self.limit) }
        guard try hash(stored.span, count: blob.contentLength) == blob.handle.id else { throw .wrongHash(.tree) }
        var room = [UInt8](repeating: 0, count: PackedText.start)
        try sealer.open(stored.span, part: .tree, into: &room)
        return .packed(PackedText(id: blob.handle.id, count: blob.contentLength, room: room))
    }

    /// The hash of what a stored frame holds, which is never whole in memory.
    private func hash(_ stored: Span<UInt8>, count: Int) throws(FormatError) -> ObjectID {
        try sealer.requireTag(stored, .tree)
        var stream = try DecompressionStream()
        var (hash, length) = (SHA256Stream(), 0)
        var (place, piece): (Int, [UInt8]) = (0, [])
        while try sealer.openNext(stored, from: &place, into: &piece) != nil {
            try stream.feed(piece.span, part: .tree) { (text) throws(FormatError) in
                length += text.count
                guard length <= count else { throw .uncompressible(.tree) }
                hash.update(text.span)
            }
        }
        guard stream.isComplete, length == count else { throw .uncompressible(.tree) }
        return hash.finish()
    }

    /// The content of a stored blob, held against its id.
    ///
    /// - Parameter stored: as many bytes as `blob` says.
    /// - Throws: `tooShort`, `unauthenticated`, `uncompressible`, `wrongHash`.
    public mutating func open(_ stored: Span<UInt8>, _ blob: PackedBlob) throws(FormatError) -> [UInt8] {
        var content: [UInt8] = []
        try unseal(stored, blob, into: &content)
        guard ObjectID(hashing: content) == blob.handle.id else { throw .wrongHash(Self.part(blob)) }
        return content
    }

    /// Opens a blob that was sealed just now, and holds it against what it was made of: memory that flips a bit must not make
    /// a backup that does not restore.
    ///
    /// - Returns: the id of what opens, which is that of `content`.
    /// - Throws: `wrongHash` where something else opens, and what opening throws.
    public mutating func prove(
        _ stored: Span<UInt8>, _ type: BlobType, uncompressedLength: UInt32, of content: Span<UInt8>
    ) throws(FormatError) -> ObjectID {
        let part: FormatError.Part = type == .tree ? .tree : .blob
        guard uncompressedLength > 0 else {
            guard let id = try sealer.prove(stored, part: part, of: content) else { throw .wrongHash(part) }
            return id
        }
        frame.removeAll(keepingCapacity: true)
        try sealer.open(stored, part: part, into: &frame)
        var opened: [UInt8] = []
        try decompressor.decompress(frame.span, count: content.count, part: part, into: &opened)
        guard Bytes.areEqual(opened.span, content) else { throw .wrongHash(part) }
        return ObjectID(hashing: opened.span)
    }

    /// The contents of blobs that were read in one piece, each held against its id; many small ones are quicker so.
    ///
    /// - Parameters:
    ///   - start: where in the pack the piece begins.
    ///   - content: to it the contents are appended.
    /// - Returns: for each blob where its content stands, or why it has none.
    public mutating func open(
        _ piece: Span<UInt8>, from start: Int, _ blobs: [PackedBlob], into content: inout [UInt8]
    ) -> [Result<Range<Int>, FormatError>] {
        var places: [Result<Range<Int>, FormatError>] = []
        for blob in blobs {
            let (first, end) = (Int(blob.offset) - start, Int(blob.offset) + Int(blob.length) - start)
            let before = content.count
            do throws(FormatError) {
                guard first >= 0, end <= piece.count else { throw .tooShort(Self.part(blob)) }
                try unseal(piece.extracting(first..<end), blob, into: &content)
                places.append(.success(before..<content.count))
            } catch {
                places.append(.failure(error))
            }
        }
        let ids = ObjectID.hashing(places.map { (try? $0.get()) ?? 0..<0 }, of: content.span)
        for (number, blob) in blobs.enumerated() {
            guard case .success = places[number], ids[number] != blob.handle.id else { continue }
            places[number] = .failure(.wrongHash(Self.part(blob)))
        }
        return places
    }

    private static func part(_ blob: PackedBlob) -> FormatError.Part {
        blob.handle.type == .tree ? .tree : .blob
    }

    /// Appends what a stored blob holds; where that fails, `content` is as it was.
    private mutating func unseal(
        _ stored: Span<UInt8>, _ blob: PackedBlob, into content: inout [UInt8]
    ) throws(FormatError) {
        let part = Self.part(blob)
        guard blob.uncompressedLength > 0 else { return try sealer.open(stored, part: part, into: &content) }
        guard blob.contentLength <= Self.limit else { throw .tooLarge(part, limit: Self.limit) }
        frame.removeAll(keepingCapacity: true)
        try sealer.open(stored, part: part, into: &frame)
        try decompressor.decompress(frame.span, count: blob.contentLength, part: part, into: &content)
    }

    /// Appends the header of a pack: see ``PackHeader/append(_:_:using:to:)``.
    public func appendHeader(
        of blobs: [PackedBlob], using generator: inout some RandomNumberGenerator, to pack: inout [UInt8]
    ) throws(FormatError) {
        try PackHeader.append(blobs, sealer, using: &generator, to: &pack)
    }

    /// The blobs of a pack: see ``PackHeader/open(_:_:)``.
    public func openHeader(_ sealed: Span<UInt8>) throws(FormatError) -> [PackedBlob] {
        try PackHeader.open(sealed, sealer)
    }
}
