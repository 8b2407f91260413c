// SPDX-License-Identifier: Apache-2.0

import CBzip2

/// Files of bzip2 streams.
package enum Bunzip2 {
    /// The piece in which archives are unpacked.
    private static let pieceSize = 1 << 18

    /// The content; nil when it does not fit into `room` bytes.
    ///
    /// - Throws: `ArchiveError.damaged`, also for bytes behind the last stream.
    package static func unpack(_ packed: [UInt8], room: Int) throws(ArchiveError) -> [UInt8]? {
        var input = packed.map { CChar(bitPattern: $0) }
        var output: [UInt8] = []
        // Unsafe claim: the buffer outlives every call that is made with it, and libbz2 stays within the counts.
        return try unsafe input.withUnsafeMutableBufferPointer { input throws(ArchiveError) in
            var rest = unsafe input[...]
            var streams = 0
            repeat {
                // Each stream costs time of its own; no program packs a file into so many.
                streams += 1
                guard streams <= 10_000 else { throw .damaged }
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
    ) throws(ArchiveError) -> Int? {
        var stream = unsafe bz_stream()
        guard unsafe BZ2_bzDecompressInit(&stream, 0, 0) == BZ_OK else { throw .damaged }
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
            guard code == BZ_OK, unsafe stream.avail_in > 0 || produced > 0 else { throw .damaged }
        }
    }
}
