// SPDX-License-Identifier: Apache-2.0

/// Takes out the lines that a layout left empty, but none of those inside strings.
enum BlankLines {
    static func removed(from text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = text[...]
        while !rest.isEmpty {
            let blank = rest[..<(nextFixed(in: rest) ?? rest.endIndex)]
            append(blank, to: &result)
            rest = rest[blank.endIndex...]
            let fixed = rest.prefix(fixedLength(rest))
            result += fixed
            rest = rest[fixed.endIndex...]
        }
        return Array(trimmed(result[...]))
    }

    /// Where the next comment or string begins.
    private static func nextFixed(in text: ArraySlice<UInt8>) -> Int? {
        text.indices.first { index in
            text[index] == UInt8(ascii: "\"") || text[index...].starts(with: "//".utf8)
        }
    }

    private static func fixedLength(_ text: ArraySlice<UInt8>) -> Int {
        guard text.first == UInt8(ascii: "\"") else { return text.prefix { $0 != 0x0A && $0 != 0x0D }.count }
        var at = text.startIndex + 1
        while at < text.endIndex, text[at] != UInt8(ascii: "\"") { at += text[at] == UInt8(ascii: "\\") ? 2 : 1 }
        return min(at + 1, text.endIndex) - text.startIndex
    }

    /// The first line's end stays when the text begins with it, and so does what follows the last one.
    private static func append(_ text: ArraySlice<UInt8>, to result: inout [UInt8]) {
        if text.first == 0x0A { result.append(0x0A) }
        var rest = text
        while !rest.isEmpty {
            let content = rest.prefix { $0 != 0x0A }
            let line = rest.prefix(content.count + 1)
            if line.count == content.count || !content.allSatisfy(isBlank) { result += line }
            rest = rest[line.endIndex...]
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || 0x09...0x0D ~= byte
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let start = text.drop(while: isBlank)
        return start.prefix(start.count - start.reversed().prefix(while: isBlank).count)
    }
}
