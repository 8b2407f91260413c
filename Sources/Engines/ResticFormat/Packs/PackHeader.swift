// SPDX-License-Identifier: Apache-2.0

/// The end of a pack, which lists its blobs (restic design, "Pack Format"): sealed entries, then their length as four
/// little-endian bytes.
public enum PackHeader {
    /// Bytes of the length at the very end.
    public static let lengthByteCount = 4
    /// The most that entries, sealed, may take.
    public static let limit = 16 << 20
    /// Bytes of the shortest file that can be a pack: a header with one entry.
    public static let leastFile = 37 + Sealer.overhead + lengthByteCount

    /// Bytes by which a pack of these blobs ends.
    public static func byteCount(of blobs: [PackedBlob]) -> Int {
        blobs.reduce(Sealer.overhead + lengthByteCount) { $0 + $1.entryLength }
    }

    /// Whether one more blob finds room in a header of `entries` bytes.
    public static func hasRoom(entries: Int) -> Bool {
        entries + 41 + Sealer.overhead <= limit
    }

    /// Appends the header of `blobs`, which lie one after another from the pack's beginning in this order.
    ///
    /// - Throws: `unavailable`.
    public static func append(
        _ blobs: [PackedBlob], _ sealer: borrowing Sealer, using generator: inout some RandomNumberGenerator,
        to pack: inout [UInt8]
    ) throws(FormatError) {
        var entries: [UInt8] = []
        entries.reserveCapacity(blobs.count * 41)
        for blob in blobs {
            let isCompressed = blob.uncompressedLength > 0
            entries.append(blob.handle.type.rawValue + (isCompressed ? 2 : 0))
            append(blob.length, to: &entries)
            if isCompressed { append(blob.uncompressedLength, to: &entries) }
            blob.handle.id.append(to: &entries)
        }
        let start = pack.count
        try sealer.seal(entries.span, using: &generator, into: &pack)
        append(UInt32(pack.count - start), to: &pack)
    }

    /// How many bytes the sealed entries take, by the last bytes of a pack.
    ///
    /// - Parameter fileLength: of the whole pack.
    /// - Throws: `tooShort`, `malformed`, `tooLarge`.
    public static func sealedLength(lastBytes: Span<UInt8>, fileLength: Int) throws(FormatError) -> Int {
        guard lastBytes.count >= lengthByteCount, fileLength >= leastFile else { throw .tooShort(.pack) }
        let length = Int(number(lastBytes, at: lastBytes.count - lengthByteCount))
        guard length > Sealer.overhead else { throw .malformed(.packHeader, "it is \(length) bytes long") }
        guard length <= limit else { throw .tooLarge(.packHeader, limit: limit) }
        guard length <= fileLength - lengthByteCount else {
            throw .malformed(.packHeader, "it is longer than the pack")
        }
        return length
    }

    /// The blobs of a pack, by its sealed entries.
    ///
    /// - Throws: `unauthenticated`, `malformed`.
    public static func open(_ sealed: Span<UInt8>, _ sealer: borrowing Sealer) throws(FormatError) -> [PackedBlob] {
        var entries: [UInt8] = []
        try sealer.open(sealed, part: .packHeader, into: &entries)
        var blobs: [PackedBlob] = []
        blobs.reserveCapacity(entries.count / 37)
        var (place, offset): (Int, UInt32) = (0, 0)
        while place < entries.count {
            let blob = try entry(entries.span, at: &place, offset: offset)
            let (next, overflow) = offset.addingReportingOverflow(blob.length)
            guard !overflow else { throw .malformed(.packHeader, "its blobs are longer than a pack can be") }
            offset = next
            blobs.append(blob)
        }
        return blobs
    }

    private static func entry(
        _ entries: Span<UInt8>, at place: inout Int, offset: UInt32
    ) throws(FormatError) -> PackedBlob {
        let kind = entries[place]
        guard kind < 4, let type = BlobType(rawValue: kind & 1) else {
            throw .malformed(.packHeader, "it holds an entry of kind \(kind)")
        }
        let isCompressed = kind >= 2
        let count = isCompressed ? 41 : 37
        guard entries.count - place >= count else { throw .malformed(.packHeader, "its last entry is cut short") }
        guard let id = ObjectID((place + count - 32..<place + count).map { entries[$0] }) else {
            throw .malformed(.packHeader, "an entry has no id")
        }
        let length = number(entries, at: place + 1)
        guard length >= Sealer.overhead else { throw .malformed(.packHeader, "a blob is shorter than its seal") }
        let uncompressed = isCompressed ? number(entries, at: place + 5) : 0
        place += count
        return PackedBlob(
            BlobHandle(type, id), offset: offset, length: length, uncompressedLength: uncompressed)
    }

    private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
        for shift: UInt32 in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    private static func number(_ bytes: Span<UInt8>, at place: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32($1 * 8) }
    }
}
