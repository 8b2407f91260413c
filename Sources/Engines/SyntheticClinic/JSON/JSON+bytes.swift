// SPDX-License-Identifier: Apache-2.0

extension JSON {
    /// The value in UTF-8 without white space (RFC 8259).
    var bytes: [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(1 << 16)
        append(to: &output)
        return output
    }

    private func append(to output: inout [UInt8]) {
        switch self {
        case .object(let members): JSON.append(members, to: &output)
        case .array(let elements): JSON.append(elements, to: &output)
        case .text(let text): JSON.append(text, to: &output)
        case .number(let number): output += number.text.utf8
        case .flag(let flag): output += (flag ? "true" : "false").utf8
        case .absent: output += "null".utf8
        }
    }

    private static func append(_ members: [(String, JSON)], to output: inout [UInt8]) {
        output.append(UInt8(ascii: "{"))
        var isFirst = true
        for (name, value) in members {
            if case .absent = value { continue }
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            // Names are literals of this module without anything to escape.
            output.append(UInt8(ascii: "\""))
            output += name.utf8
            output += "\":".utf8
            value.append(to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    private static func append(_ elements: [JSON], to output: inout [UInt8]) {
        output.append(UInt8(ascii: "["))
        var isFirst = true
        for value in elements {
            if case .absent = value { continue }
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            value.append(to: &output)
        }
        output.append(UInt8(ascii: "]"))
    }

    /// Appends `text` in quotes, with the escapes that RFC 8259 section 7 demands and no others.
    private static func append(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        // Nearly every text is plain, and one bulk copy is many times faster than a loop over bytes.
        if isPlain(text) {
            output += text.utf8
        } else {
            appendEscaped(text, to: &output)
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func isPlain(_ text: String) -> Bool {
        let bytes = text.utf8.span
        for index in bytes.indices where bytes[index] < 0x20 || bytes[index] == 0x22 || bytes[index] == 0x5C {
            return false
        }
        return true
    }

    private static func appendEscaped(_ text: String, to output: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                output += (byte < 16 ? "\\u000" : "\\u00").utf8
                output += digits.utf8
            default:
                output.append(byte)
            }
        }
    }
}
