// SPDX-License-Identifier: Apache-2.0

extension JSONParser {
    /// RFC 8259 section 7, from the opening quotation mark.
    mutating func readString(isName: Bool = false) throws(JSONError) {
        let start = position
        var at = position + 1
        var escaped = false
        while at < end {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                position = at + 1
                return try append(.string, from: start, escaped: escaped, isName: isName)
            } else if byte == UInt8(ascii: "\\") {
                escaped = true
                at = try endOfEscape(from: at)
            } else if byte < 0x20 {
                throw failure(.controlCharacter, at: at)
            } else if byte < 0x80 {
                at += 1
            } else {
                let length = UTF8Sequence.length(in: bytes, at: at, end: end)
                guard length > 0 else { throw failure(.invalidUTF8, at: at) }
                at += length
            }
        }
        throw failure(.unexpectedEnd, at: end)
    }

    private func endOfEscape(from backslash: Int) throws(JSONError) -> Int {
        guard backslash + 1 < end else { throw failure(.unexpectedEnd, at: end) }
        switch bytes[backslash + 1] {
        case UInt8(ascii: "u"): return try endOfUnicodeEscape(from: backslash)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return backslash + 2
        default: throw failure(.malformedEscape, at: backslash)
        }
    }

    private func endOfUnicodeEscape(from backslash: Int) throws(JSONError) -> Int {
        guard let unit = JSONText.unicodeUnit(in: bytes, at: backslash, end: end) else {
            throw failure(.malformedEscape, at: backslash)
        }
        if 0xDC00...0xDFFF ~= unit { throw failure(.loneSurrogate, at: backslash) }
        guard 0xD800...0xDBFF ~= unit else { return backslash + 6 }
        guard let low = JSONText.unicodeUnit(in: bytes, at: backslash + 6, end: end), 0xDC00...0xDFFF ~= low else {
            throw failure(.loneSurrogate, at: backslash)
        }
        return backslash + 12
    }

    /// RFC 8259 section 6, from the sign or the first digit.
    mutating func readNumber() throws(JSONError) {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        if position < end, bytes[position] == UInt8(ascii: "0") {
            position += 1
        } else {
            try readDigits(of: start)
        }
        if position < end, bytes[position] == UInt8(ascii: ".") {
            position += 1
            try readDigits(of: start)
        }
        // 0x20 is the bit between the upper and the lower case of a letter.
        if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < end, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            try readDigits(of: start)
        }
        if position < end, isDigit(bytes[position]) { throw failure(.malformedNumber, at: start) }
        try append(.number, from: start)
    }

    private mutating func readDigits(of start: Int) throws(JSONError) {
        guard position < end else { throw failure(.unexpectedEnd, at: end) }
        guard isDigit(bytes[position]) else { throw failure(.malformedNumber, at: start) }
        while position < end, isDigit(bytes[position]) {
            position += 1
        }
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
}
