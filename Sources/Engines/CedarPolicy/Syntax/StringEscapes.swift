// SPDX-License-Identifier: Apache-2.0

/// What is written between quotation marks, and how it is read (Cedar language reference, "STR" in the grammar).
enum StringEscapes {
    /// A character of a string; `literal` when it was written `\*`, which only patterns allow.
    struct Character {
        let scalar: Unicode.Scalar
        let isEscapedStar: Bool
    }

    /// The characters that a string's content stands for; nil when an escape sequence is malformed.
    static func unescape(_ content: ArraySlice<UInt8>, star: Bool = false) -> [Character]? {
        var result: [Character] = []
        result.reserveCapacity(content.count)
        var rest = String(decoding: content, as: UTF8.self).unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\r": return nil
            case "\\":
                if star, rest.first == "*" {
                    rest.removeFirst()
                    result.append(Character(scalar: "*", isEscapedStar: true))
                } else {
                    guard let meaning = escape(&rest) else { return nil }
                    result.append(Character(scalar: meaning, isEscapedStar: false))
                }
            default: result.append(Character(scalar: scalar, isEscapedStar: false))
            }
        }
        return result
    }

    /// The meaning of what follows a backslash.
    private static func escape(_ rest: inout Substring.UnicodeScalarView) -> Unicode.Scalar? {
        switch rest.popFirst() {
        case "n": "\n"
        case "r": "\r"
        case "t": "\t"
        case "0": "\0"
        case "\\": "\\"
        case "'": "'"
        case "\"": "\""
        case "x": hexadecimal(&rest)
        case "u": braced(&rest)
        default: nil
        }
    }

    /// `\xHH`, ASCII only.
    private static func hexadecimal(_ rest: inout Substring.UnicodeScalarView) -> Unicode.Scalar? {
        guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit), high < 8
        else { return nil }
        return Unicode.Scalar(high << 4 | low)
    }

    /// `\u{…}`: one to six digits, between which underscores may stand.
    private static func braced(_ rest: inout Substring.UnicodeScalarView) -> Unicode.Scalar? {
        guard rest.popFirst() == "{", rest.first != "_" else { return nil }
        var value: UInt32 = 0
        var count = 0
        while let scalar = rest.popFirst() {
            if scalar == "}" { return count > 0 ? Unicode.Scalar(value) : nil }
            if scalar == "_" { continue }
            guard count < 6, let digit = digit(scalar) else { return nil }
            value = value << 4 | digit
            count += 1
        }
        return nil
    }

    private static func digit(_ scalar: Unicode.Scalar) -> UInt32? {
        switch scalar {
        case "0"..."9": scalar.value - 0x30
        case "a"..."f": scalar.value - 0x61 + 10
        case "A"..."F": scalar.value - 0x41 + 10
        default: nil
        }
    }

    /// The text between quotation marks as a policy would write it.
    static func quote(_ text: Text) -> String {
        "\"" + escape(text) + "\""
    }

    /// The text with everything escaped that could end or change a string; a star too, inside patterns.
    static func escape(_ text: Text, star: Bool = false) -> String {
        var result = ""
        for scalar in text.string.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\0": result += "\\0"
            case "*" where star: result += "\\*"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    result += "\\u{\(String(scalar.value, radix: 16))}"
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}
