// SPDX-License-Identifier: Apache-2.0

import CBzip2
import CZlib
import FHIRBundle

/// How a file is packed, as the end of its name says.
enum Packing: Sendable {
    case plain
    case gzip
    case bzip2

    /// Most bytes that a packed byte may become.
    static let largestRatio = 200
    /// What may always be unpacked: a tiny archive of repetitive JSON is no attack.
    private static let harmless = 1 << 20

    /// The content of a file whose bytes are `bytes`.
    ///
    /// - Throws: `ImportProblem.tooLarge`, `suspiciousRatio`, `damagedArchive`.
    func unpack(_ bytes: [UInt8], limit: Int = BundleLimits.standard.fileBytes) throws(ImportProblem) -> [UInt8] {
        let byRatio = max(Self.harmless, bytes.count.multipliedReportingOverflow(by: Self.largestRatio).partialValue)
        let room = min(limit, byRatio)
        let unpacked: [UInt8]?
        switch self {
        case .plain: unpacked = bytes.count <= limit ? bytes : nil
        case .gzip: unpacked = try Gunzip.unpack(bytes, room: room)
        case .bzip2: unpacked = try Bunzip2.unpack(bytes, room: room)
        }
        guard let unpacked else {
            throw room == limit ? .tooLarge(limit: limit) : .suspiciousRatio(limit: Self.largestRatio)
        }
        return unpacked
    }
}

/// The piece in which archives are unpacked.
private let pieceSize = 1 << 18

/// Files of gzip members (RFC 1952).
private enum Gunzip {
    /// The content; nil when it does not fit into `room` bytes.
    static func unpack(_ packed: [UInt8], room: Int) throws(ImportProblem) -> [UInt8]? {
        var stream = unsafe z_stream()
        // 15 bits of window, and 16 more for the gzip header alone.
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        guard unsafe inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, size) == Z_OK else { throw .damagedArchive }
        defer { unsafe inflateEnd(&stream) }
        var input = packed
        var piece = [UInt8](repeating: 0, count: pieceSize)
        var output: [UInt8] = []
        // Unsafe claim: both buffers outlive every call that is made with them, and zlib stays within the counts.
        return try unsafe input.withUnsafeMutableBufferPointer { input throws(ImportProblem) in
            unsafe stream.next_in = input.baseAddress
            unsafe stream.avail_in = UInt32(clamping: input.count)
            while true {
                let code = unsafe piece.withUnsafeMutableBufferPointer { piece in
                    unsafe stream.next_out = piece.baseAddress
                    unsafe stream.avail_out = UInt32(clamping: piece.count)
                    return unsafe inflate(&stream, Z_NO_FLUSH)
                }
                output += piece[..<(pieceSize - Int(unsafe stream.avail_out))]
                guard output.count <= room else { return nil }
                if code == Z_STREAM_END {
                    if unsafe stream.avail_in == 0 { return output }
                    guard unsafe inflateReset(&stream) == Z_OK else { throw .damagedArchive }
                } else if code != Z_OK {
                    throw .damagedArchive
                }
            }
        }
    }
}

/// Files of bzip2 streams.
private enum Bunzip2 {
    /// The content; nil when it does not fit into `room` bytes.
    static func unpack(_ packed: [UInt8], room: Int) throws(ImportProblem) -> [UInt8]? {
        var input = packed.map { CChar(bitPattern: $0) }
        var output: [UInt8] = []
        // Unsafe claim: the buffer outlives every call that is made with it, and libbz2 stays within the counts.
        return try unsafe input.withUnsafeMutableBufferPointer { input throws(ImportProblem) in
            var rest = unsafe input[...]
            var streams = 0
            repeat {
                // Each stream costs time of its own; no program packs a file into so many.
                streams += 1
                guard streams <= 10_000 else { throw .damagedArchive }
                guard let used = try unsafe unpackStream(UnsafeMutableBufferPointer(rebasing: rest), room, &output)
                else { return nil }
                unsafe rest = rest.dropFirst(used)
            } while unsafe !rest.isEmpty
            return output
        }
    }

    /// Unpacks one stream and returns how many packed bytes it took; nil when there is no more room.
    private static func unpackStream(
        _ input: UnsafeMutableBufferPointer<CChar>, _ room: Int, _ output: inout [UInt8]
    ) throws(ImportProblem) -> Int? {
        var stream = unsafe bz_stream()
        guard unsafe BZ2_bzDecompressInit(&stream, 0, 0) == BZ_OK else { throw .damagedArchive }
        defer { unsafe BZ2_bzDecompressEnd(&stream) }
        unsafe stream.next_in = input.baseAddress
        unsafe stream.avail_in = UInt32(clamping: input.count)
        var piece = [CChar](repeating: 0, count: pieceSize)
        while true {
            let code = unsafe piece.withUnsafeMutableBufferPointer { piece in
                unsafe stream.next_out = piece.baseAddress
                unsafe stream.avail_out = UInt32(clamping: piece.count)
                return unsafe BZ2_bzDecompress(&stream)
            }
            let produced = pieceSize - Int(unsafe stream.avail_out)
            output.append(contentsOf: piece[..<produced].lazy.map { UInt8(bitPattern: $0) })
            guard output.count <= room else { return nil }
            if code == BZ_STREAM_END { return input.count - Int(unsafe stream.avail_in) }
            // At the end of a cut archive libbz2 says "all is well" for ever and makes nothing.
            guard code == BZ_OK, unsafe stream.avail_in > 0 || produced > 0 else { throw .damagedArchive }
        }
    }
}
