// SPDX-License-Identifier: Apache-2.0

import CZlib

/// Files of gzip members (RFC 1952).
package enum Gunzip {
    /// The piece in which archives are unpacked.
    private static let pieceSize = 1 << 18

    /// The content; nil when it does not fit into `room` bytes.
    ///
    /// - Throws: `ArchiveError.damaged`, also for bytes behind the last member.
    package static func unpack(_ packed: [UInt8], room: Int) throws(ArchiveError) -> [UInt8]? {
        var stream = unsafe z_stream()
        // 15 bits of window, and 16 more for the gzip header alone.
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        guard unsafe inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, size) == Z_OK else { throw .damaged }
        defer { unsafe inflateEnd(&stream) }
        var input = packed
        var piece = [UInt8](repeating: 0, count: pieceSize)
        var output: [UInt8] = []
        // Unsafe claim: both buffers outlive every call that is made with them, and zlib stays within the counts.
        return try unsafe input.withUnsafeMutableBufferPointer { input throws(ArchiveError) in
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
                    guard unsafe inflateReset(&stream) == Z_OK else { throw .damaged }
                } else if code != Z_OK {
                    throw .damaged
                }
            }
        }
    }
}

/// Why an archive cannot be unpacked.
package enum ArchiveError: Error {
    /// It is cut, or was changed.
    case damaged
}
