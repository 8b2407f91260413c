// SPDX-License-Identifier: Apache-2.0

import Codecs

/// File names as restic keeps them: any bytes, written as Go's `strconv.Quote` writes them, without the quotation marks.
enum GoQuotation {
    /// Appends `name` so quoted.
    static func append(_ name: [UInt8], to text: inout [UInt8]) {
        guard !name.allSatisfy(isPlain) else { return text.append(contentsOf: name) }
        var place = 0
        while place < name.count {
            let byte = name[place]
            if byte < 0x80 {
                appendASCII(byte, to: &text)
                place += 1
                continue
            }
            guard let (scalar, count) = scalar(in: name, at: place) else {
                appendHex(UInt32(byte), "x", digits: 2, to: &text)
                place += 1
                continue
            }
            if GoPrintable.contains(scalar) {
                text.append(contentsOf: name[place..<place + count])
            } else if scalar.value < 0x1_0000 {
                appendHex(scalar.value, "u", digits: 4, to: &text)
            } else {
                appendHex(scalar.value, "U", digits: 8, to: &text)
            }
            place += count
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        0x20..<0x7F ~= byte && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private static func appendASCII(_ byte: UInt8, to text: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
        case _ where isPlain(byte): text.append(byte)
        default:
            if let letter = Self.letters.first(where: { $0.value == byte })?.key {
                text += [UInt8(ascii: "\\"), letter]
            } else {
                appendHex(UInt32(byte), "x", digits: 2, to: &text)
            }
        }
    }

    /// Letter after the backslash, and what it stands for.
    private static let letters: [(key: UInt8, value: UInt8)] = [
        (UInt8(ascii: "a"), 0x07), (UInt8(ascii: "b"), 0x08), (UInt8(ascii: "f"), 0x0C), (UInt8(ascii: "n"), 0x0A),
        (UInt8(ascii: "r"), 0x0D), (UInt8(ascii: "t"), 0x09), (UInt8(ascii: "v"), 0x0B),
    ]

    private static func appendHex(_ value: UInt32, _ letter: Unicode.Scalar, digits: Int, to text: inout [UInt8]) {
        text += [UInt8(ascii: "\\"), UInt8(ascii: letter)]
        for digit in (0..<digits).reversed() {
            let value = UInt8(truncatingIfNeeded: value >> UInt32(digit * 4)) & 15
            text.append(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10)
        }
    }

    /// The character whose well-formed UTF-8 begins there.
    private static func scalar(in bytes: [UInt8], at place: Int) -> (Unicode.Scalar, Int)? {
        let length = UTF8Sequence.length(in: bytes, at: place, end: bytes.count)
        guard length > 1 else { return nil }
        var value = UInt32(bytes[place]) & (0x7F >> UInt32(length))
        for next in place + 1..<place + length { value = value << 6 | UInt32(bytes[next] & 0x3F) }
        return Unicode.Scalar(value).map { ($0, length) }
    }
}

// Reading.
extension GoQuotation {
    /// The name that `text` is the quotation of, without its marks; nil for what Go's `strconv.Unquote` refuses.
    static func unquote(_ text: [UInt8]) -> [UInt8]? {
        guard text.contains(UInt8(ascii: "\\")) else {
            return text.contains { $0 == UInt8(ascii: "\"") || $0 == 0x0A } ? nil : text
        }
        var name: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""), 0x0A: return nil
            case UInt8(ascii: "\\"): guard appendEscape(&rest, to: &name) else { return nil }
            default: name.append(byte)
            }
        }
        return name
    }

    private static func appendEscape(_ rest: inout ArraySlice<UInt8>, to name: inout [UInt8]) -> Bool {
        guard let letter = rest.popFirst() else { return false }
        switch letter {
        case UInt8(ascii: "\\"), UInt8(ascii: "\""): name.append(letter)
        case UInt8(ascii: "x"):
            guard let value = number(&rest, digits: 2, radix: 16) else { return false }
            name.append(UInt8(truncatingIfNeeded: value))
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            guard let low = number(&rest, digits: 2, radix: 8) else { return false }
            let value = UInt32(letter - UInt8(ascii: "0")) * 64 + low
            guard value < 256 else { return false }
            name.append(UInt8(value))
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            guard let value = number(&rest, digits: letter == UInt8(ascii: "u") ? 4 : 8, radix: 16),
                let scalar = Unicode.Scalar(value)
            else { return false }
            name.append(contentsOf: String(scalar).utf8)
        default:
            guard let value = letters.first(where: { $0.key == letter })?.value else { return false }
            name.append(value)
        }
        return true
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, digits: Int, radix: Int) -> UInt32? {
        guard rest.count >= digits else { return nil }
        let text = rest.prefix(digits)
        // A sign is a digit to the standard library, not to Go.
        guard text.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else { return nil }
        rest = rest.dropFirst(digits)
        return UInt32(String(decoding: text, as: UTF8.self), radix: radix)
    }
}

/// Which characters Go's `strconv.IsPrint` leaves as they are: letters, marks, numbers, punctuation and symbols of
/// Unicode 15, the version of Go's tables from 1.21 on.
enum GoPrintable {
    static func contains(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        guard let age = properties.age, age <= (15, 0) else { return false }
        return switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber, .connectorPunctuation,
            .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
            .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            true
        case .spaceSeparator: scalar.value == 0x20
        default: false
        }
    }
}
