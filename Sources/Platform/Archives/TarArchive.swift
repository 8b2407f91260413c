// SPDX-License-Identifier: Apache-2.0

/// The plain files of an archive, each found by its name (POSIX ustar, names of up to 255 bytes).
package struct TarArchive: Sendable {
    private let bytes: [UInt8]
    private let files: [String: Range<Int>]

    private static let block = 512

    /// Looks through an unpacked archive. Folders, links and the like are passed over.
    ///
    /// - Throws: `ArchiveError.damaged` when a file does not lie in it as its header says.
    package init(_ bytes: [UInt8]) throws(ArchiveError) {
        self.bytes = bytes
        var files: [String: Range<Int>] = [:]
        var at = 0
        // Two empty blocks end an archive; some programs write none.
        while at < bytes.count, bytes[at] != 0 {
            guard bytes.count - at >= Self.block else { throw .damaged }
            let header = Header(bytes[at..<at + Self.block])
            let start = at + Self.block
            guard let size = header.size, size <= bytes.count - start else { throw .damaged }
            if header.isPlainFile { files[header.name] = start..<start + size }
            at = start + (size + Self.block - 1) / Self.block * Self.block
        }
        self.files = files
    }

    /// The names of all files, sorted.
    package var names: [String] {
        files.keys.sorted()
    }

    /// The content of a file.
    package subscript(_ name: String) -> [UInt8]? {
        files[name].map { Array(bytes[$0]) }
    }
}

/// The block before each file.
private struct Header {
    let name: String
    let isPlainFile: Bool
    /// The file's bytes; nil when there is no number.
    let size: Int?

    init(_ block: ArraySlice<UInt8>) {
        func text(_ start: Int, _ count: Int) -> String {
            String(decoding: block.dropFirst(start).prefix(count).prefix { $0 != 0 }, as: UTF8.self)
        }
        let (prefix, base) = (text(345, 155), text(0, 100))
        name = prefix.isEmpty ? base : "\(prefix)/\(base)"
        isPlainFile = [0, UInt8(ascii: "0")].contains(block[block.startIndex + 156])
        // Twelve octal digits, so the number always fits.
        let digits = block.dropFirst(124).prefix(12).prefix { $0 != 0 && $0 != 0x20 }
        size =
            digits.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "7") ~= $0 }
            ? digits.reduce(0) { $0 << 3 | Int($1 - UInt8(ascii: "0")) } : nil
    }
}
