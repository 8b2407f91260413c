// SPDX-License-Identifier: Apache-2.0

/// Lays JSON out anew without changing a value: only white space between values moves.
///
/// Expects text that was read strictly before it was stored.
enum JSONLayout {
    /// Each member and element on a line of its own, two blanks deeper for each level.
    static func indented(_ json: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(json.count * 2)
        var depth = 0
        walk(json) { byte, isText, next in
            if isText { return output.append(byte) }
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                output.append(byte)
                if next == UInt8(ascii: "}") || next == UInt8(ascii: "]") { return }
                depth += 1
                breakLine(&output, depth)
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if let last = output.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "[") {
                    depth = max(0, depth - 1)
                    breakLine(&output, depth)
                }
                output.append(byte)
            case UInt8(ascii: ","):
                output.append(byte)
                breakLine(&output, depth)
            case UInt8(ascii: ":"): output += [byte, 0x20]
            default: output.append(byte)
            }
        }
        return output
    }

    /// Everything on one line.
    static func compact(_ json: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(json.count)
        walk(json) { byte, _, _ in output.append(byte) }
        return output
    }

    private static func breakLine(_ output: inout [UInt8], _ depth: Int) {
        output.append(0x0A)
        output.append(contentsOf: repeatElement(0x20, count: depth * 2))
    }

    /// Gives each byte that counts to `body`, whether it is inside a string, and the one that counts after it.
    private static func walk(_ json: [UInt8], _ body: (_ byte: UInt8, _ isText: Bool, _ next: UInt8?) -> Void) {
        var isText = false
        var isEscaped = false
        for (index, byte) in json.enumerated() {
            if isText {
                body(byte, true, nil)
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isText = false
                }
            } else if byte == UInt8(ascii: "\"") {
                isText = true
                body(byte, true, nil)
            } else if !isBlank(byte) {
                let isOpening = byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
                body(byte, false, isOpening ? json[(index + 1)...].first { !isBlank($0) } : nil)
            }
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
