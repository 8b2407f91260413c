// SPDX-License-Identifier: Apache-2.0

import CZlib
import Foundation
import Testing

/// The files of a `tar.gz` of test data, each found by its name.
struct TarArchive {
    private let bytes: [UInt8]
    private(set) var files: [String: Range<Int>] = [:]

    /// Unpacks an archive of plain files with names of up to 255 bytes (POSIX ustar).
    init(gzip file: URL) throws {
        bytes = try Self.gunzip(Array(Data(contentsOf: file)))
        var at = 0
        while at + 512 <= bytes.count, bytes[at] != 0 {
            let prefix = text(at + 345, 155)
            let name = text(at, 100)
            let size = try #require(Int(text(at + 124, 12).trimmingCharacters(in: .whitespaces), radix: 8))
            let start = at + 512
            try #require(start + size <= bytes.count)
            if [0x30, 0].contains(bytes[at + 156]) {
                files[prefix.isEmpty ? name : "\(prefix)/\(name)"] = start..<start + size
            }
            at = start + (size + 511) / 512 * 512
        }
    }

    subscript(_ name: String) -> [UInt8]? {
        files[name].map { Array(bytes[$0]) }
    }

    private func text(_ start: Int, _ count: Int) -> String {
        String(decoding: bytes[start..<start + count].prefix { $0 != 0 }, as: UTF8.self)
    }

    private static func gunzip(_ packed: [UInt8]) throws -> [UInt8] {
        var stream = unsafe z_stream()
        // 15 bits of window, and 16 more for the gzip header.
        try #require(
            unsafe inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
        defer { unsafe inflateEnd(&stream) }
        var input = packed
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        var output: [UInt8] = []
        // Unsafe claim: both buffers outlive every call that is made with them, and zlib stays within the counts.
        try unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe stream.next_in = input.baseAddress
            unsafe stream.avail_in = UInt32(clamping: input.count)
            var code = Z_OK
            while code == Z_OK {
                code = unsafe piece.withUnsafeMutableBufferPointer { piece in
                    unsafe stream.next_out = piece.baseAddress
                    unsafe stream.avail_out = UInt32(clamping: piece.count)
                    return unsafe inflate(&stream, Z_NO_FLUSH)
                }
                output += piece[..<(piece.count - Int(unsafe stream.avail_out))]
            }
            try #require(code == Z_STREAM_END)
        }
        return output
    }
}
