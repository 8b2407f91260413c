// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Gives a file's parts one by one; what was read beyond one begins the next.
struct PartReader {
    private let file: OpenFile
    private let chunker: Chunker
    private let expected: Int
    /// Known once the beginning was read.
    private var cutting: Cutting?
    private var buffer: [UInt8] = []
    private var offset: Int64 = 0
    private var isAtEnd = false

    /// How much is read at a time.
    private static let step = 1 << 20

    init(_ file: OpenFile, _ chunker: Chunker, expected: Int) {
        (self.file, self.chunker, self.expected) = (file, chunker, expected)
    }

    /// The next part; nil at the end.
    mutating func next() throws -> [UInt8]? {
        var known = 0
        while true {
            if let cut = cut(after: known) { return take(cut) }
            if isAtEnd { return nil }
            known = buffer.count
            try fill()
            if cutting == nil { cutting = chosenCutting() }
        }
    }

    private func cut(after known: Int) -> Int? {
        cutting?.cut(buffer.span, at: offset - Int64(buffer.count), after: known, isLast: isAtEnd)
    }

    private func chosenCutting() -> Cutting {
        let head = buffer.span.extracting(0..<min(buffer.count, FileProfile.headLength))
        return Cutting(FileProfile(head: head, size: Int64(expected)), chunker, size: Int64(expected))
    }

    private mutating func fill() throws {
        // One byte more tells that the file has not grown.
        let left = max(1, Int(clamping: Int64(expected) - offset) + 1)
        let wanted = min(Self.step, Chunker.most - buffer.count, left)
        let count = try file.descriptor.read(appendingTo: &buffer, upTo: wanted, at: offset)
        offset += Int64(count)
        isAtEnd = count < wanted
    }

    /// The buffer itself becomes the part: copied is only what was read beyond it.
    private mutating func take(_ count: Int) -> [UInt8] {
        let rest = Array(buffer[count...])
        buffer.removeLast(rest.count)
        let part = buffer
        buffer = rest
        return part
    }
}
