// SPDX-License-Identifier: Apache-2.0

import CZstd

/// How much time is spent on making content smaller; names are restic's.
public enum Compression: String, Sendable, CaseIterable {
    /// Data is stored as it is. What describes it is compressed all the same.
    case off
    /// Quick: zstd's level 3.
    case auto
    /// As small as is sensible: zstd's level 19.
    case max

    var level: Int32 {
        switch self {
        case .off: 1
        case .auto: 3
        case .max: 19
        }
    }
}

/// Packs content as one Zstandard frame (RFC 8878) that names its length and has no checksum. One for each thread.
@safe public struct Compressor: ~Copyable {
    private let context: OpaquePointer

    /// - Throws: `unavailable` when there is no memory.
    public init(_ compression: Compression = .auto) throws(FormatError) {
        guard let context = unsafe ZSTD_createCCtx() else { throw .unavailable("memory for zstd") }
        unsafe self.context = context
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, compression.level)
    }

    deinit {
        unsafe ZSTD_freeCCtx(context)
    }

    /// Appends the frame of `content`.
    ///
    /// - Throws: `unavailable`; `output` is then as it was.
    public func compress(_ content: Span<UInt8>, into output: inout [UInt8]) throws(FormatError) {
        let context = unsafe self.context
        var isDone = false
        unsafe content.withUnsafeBufferPointer { content in
            output.append(addingCapacity: ZSTD_compressBound(content.count)) { (room: inout OutputSpan<UInt8>) in
                unsafe room.withUnsafeMutableBufferPointer { room, filled in
                    let made = unsafe ZSTD_compress2(
                        context, room.baseAddress, room.count, content.baseAddress, content.count)
                    isDone = ZSTD_isError(made) == 0
                    // INVARIANT: so many bytes zstd has written.
                    filled = isDone ? made : 0
                }
            }
        }
        guard isDone else { throw .unavailable("memory for zstd") }
    }
}

/// Unpacks Zstandard frames, never to more than it is told. One for each thread.
@safe public struct Decompressor: ~Copyable {
    private let context: OpaquePointer

    /// - Throws: `unavailable` when there is no memory.
    public init() throws(FormatError) {
        guard let context = unsafe ZSTD_createDCtx() else { throw .unavailable("memory for zstd") }
        unsafe self.context = context
    }

    deinit {
        unsafe ZSTD_freeDCtx(context)
    }

    /// Appends exactly `count` bytes.
    ///
    /// - Throws: `uncompressible` when the frame is damaged or holds more or less; `output` is then as it was.
    public func decompress(
        _ frame: Span<UInt8>, count: Int, part: FormatError.Part, into output: inout [UInt8]
    ) throws(FormatError) {
        let context = unsafe self.context
        var isWhole = false
        unsafe frame.withUnsafeBufferPointer { frame in
            output.append(addingCapacity: count) { (room: inout OutputSpan<UInt8>) in
                unsafe room.withUnsafeMutableBufferPointer { room, filled in
                    let room = unsafe UnsafeMutableBufferPointer(rebasing: room[..<count])
                    let made = unsafe ZSTD_decompressDCtx(
                        context, room.baseAddress, room.count, frame.baseAddress, frame.count)
                    isWhole = made == count
                    // INVARIANT: so many bytes zstd has written.
                    filled = isWhole ? made : 0
                }
            }
        }
        guard isWhole else { throw .uncompressible(part) }
    }

    /// What a frame of unknown length holds.
    ///
    /// - Throws: `uncompressible`, or `tooLarge` beyond `limit` bytes.
    public func decompress(
        _ frame: Span<UInt8>, limit: Int, part: FormatError.Part
    ) throws(FormatError) -> [UInt8] {
        let claimed = unsafe frame.withUnsafeBufferPointer { frame in
            unsafe ZSTD_getFrameContentSize(frame.baseAddress, frame.count)
        }
        // The header's claim is a hint: a frame without one says so with the two largest numbers.
        if claimed < UInt64.max - 1 {
            guard claimed <= UInt64(limit) else { throw .tooLarge(part, limit: limit) }
            var output: [UInt8] = []
            output.reserveCapacity(Int(claimed))
            try decompress(frame, count: Int(claimed), part: part, into: &output)
            return output
        }
        var stream = try DecompressionStream()
        var output: [UInt8] = []
        try stream.feed(frame, part: part) { (piece) throws(FormatError) in
            guard output.count + piece.count <= limit else { throw .tooLarge(part, limit: limit) }
            output.append(contentsOf: piece)
        }
        guard stream.isComplete else { throw .uncompressible(part) }
        return output
    }
}

/// Unpacks one frame piece by piece, in memory that does not grow with it.
@safe public struct DecompressionStream: ~Copyable {
    private let context: OpaquePointer
    private var room: [UInt8]
    /// Whether the frame has ended.
    public private(set) var isComplete = false

    /// - Throws: `unavailable` when there is no memory.
    public init() throws(FormatError) {
        guard let context = unsafe ZSTD_createDCtx() else { throw .unavailable("memory for zstd") }
        unsafe self.context = context
        room = Array(repeating: 0, count: ZSTD_DStreamOutSize())
        // A frame may ask for a window as large as it likes: what others write needs 8 MiB at most, 128 MiB is for `--long`.
        unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 27)
    }

    deinit {
        unsafe ZSTD_freeDCtx(context)
    }

    /// Unpacks the next part of the frame, and hands on what comes out in pieces of up to 128 KiB.
    ///
    /// - Throws: `uncompressible` for damage and for bytes after the end, and what `take` throws.
    public mutating func feed(
        _ part: Span<UInt8>, part name: FormatError.Part, _ take: (ArraySlice<UInt8>) throws(FormatError) -> Void
    ) throws(FormatError) {
        var place = 0
        var isFull = false
        while place < part.count || isFull {
            guard !isComplete else { throw .uncompressible(name) }
            let (taken, made, rest) = step(part.extracting(place..<part.count))
            guard ZSTD_isError(rest) == 0 else { throw .uncompressible(name) }
            isComplete = rest == 0
            isFull = made == room.count && !isComplete
            place += taken
            if made > 0 { try take(room[..<made]) }
            guard taken > 0 || made > 0 || isComplete else { return }
        }
    }

    /// The next piece of up to 128 KiB of what a whole frame holds; nil behind its end.
    ///
    /// - Parameter place: how much of the frame was read; moves on.
    /// - Throws: `uncompressible` for damage, for bytes after the end, and where the end is missing.
    public mutating func next(
        of frame: Span<UInt8>, from place: inout Int, part: FormatError.Part
    ) throws(FormatError) -> ArraySlice<UInt8>? {
        while !isComplete {
            let (taken, made, rest) = step(frame.extracting(place...))
            guard ZSTD_isError(rest) == 0, taken > 0 || made > 0 else { throw .uncompressible(part) }
            isComplete = rest == 0
            place += taken
            if made > 0 { return room[..<made] }
        }
        guard place == frame.count else { throw .uncompressible(part) }
        return nil
    }

    private mutating func step(_ input: Span<UInt8>) -> (taken: Int, made: Int, rest: Int) {
        let context = unsafe self.context
        return unsafe input.withUnsafeBufferPointer { input in
            unsafe room.withUnsafeMutableBufferPointer { room in
                var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
                var target = unsafe ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
                let rest = unsafe ZSTD_decompressStream(context, &target, &source)
                return unsafe (source.pos, target.pos, rest)
            }
        }
    }
}
