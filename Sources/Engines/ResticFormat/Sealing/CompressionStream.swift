// SPDX-License-Identifier: Apache-2.0

import CZstd

/// Packs content that comes in pieces as one Zstandard frame (RFC 8878), in memory that does not grow with it.
///
/// The frame does not name the length of its content, for nobody knows it when it begins.
@safe public struct CompressionStream: ~Copyable {
    private let context: OpaquePointer
    private var room: [UInt8]

    /// - Throws: `unavailable` when there is no memory.
    public init(_ compression: Compression = .auto) throws(FormatError) {
        guard let context = unsafe ZSTD_createCCtx() else { throw .unavailable("memory for zstd") }
        unsafe self.context = context
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, compression.level)
        room = Array(repeating: 0, count: ZSTD_CStreamOutSize())
    }

    deinit {
        unsafe ZSTD_freeCCtx(context)
    }

    /// Appends to `output` what is ready of the frame after the next piece.
    ///
    /// - Throws: `unavailable`.
    public mutating func feed(_ piece: Span<UInt8>, into output: inout [UInt8]) throws(FormatError) {
        var place = 0
        while place < piece.count {
            place += try step(piece.extracting(place...), ZSTD_e_continue, into: &output).taken
        }
    }

    /// Appends the rest of the frame, and is ready for another.
    ///
    /// - Throws: `unavailable`.
    public mutating func finish(into output: inout [UInt8]) throws(FormatError) {
        let nothing: [UInt8] = []
        while try step(nothing.span, ZSTD_e_end, into: &output).rest > 0 {}
    }

    private mutating func step(
        _ input: Span<UInt8>, _ directive: ZSTD_EndDirective, into output: inout [UInt8]
    ) throws(FormatError) -> (taken: Int, rest: Int) {
        let context = unsafe self.context
        let (taken, made, rest) = unsafe input.withUnsafeBufferPointer { input in
            unsafe room.withUnsafeMutableBufferPointer { room in
                var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
                var target = unsafe ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
                let rest = unsafe ZSTD_compressStream2(context, &target, &source, directive)
                return unsafe (source.pos, target.pos, rest)
            }
        }
        guard ZSTD_isError(rest) == 0 else { throw .unavailable("memory for zstd") }
        output.append(contentsOf: room[..<made])
        return (taken, rest)
    }
}
