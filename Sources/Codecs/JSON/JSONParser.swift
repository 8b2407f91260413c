// SPDX-License-Identifier: Apache-2.0

/// Walks once over the bytes and writes the tape. No recursion: open containers are kept on a list.
struct JSONParser {
    let bytes: [UInt8]
    let limits: JSONLimits
    /// The byte after the document.
    let end: Int
    var position: Int
    private let start: Int
    private(set) var tape: [JSONEntry] = []
    private var open: [Int] = []

    init(bytes: [UInt8], range: Range<Int>, limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
        start = range.lowerBound
        end = range.upperBound
        position = start
    }

    mutating func parseDocument() throws(JSONError) {
        guard end - start <= limits.bytes, end <= Int(UInt32.max) else {
            throw failure(.tooLarge(limit: limits.bytes), at: start)
        }
        // FHIR as Synthea prints it takes about 30 bytes a value.
        tape.reserveCapacity(min((end - start) / 24 + 8, limits.values))
        skipSpace()
        try readValue()
        while let container = open.last {
            if tape[container].kind == .object {
                try readMember(of: container)
            } else {
                try readElement(of: container)
            }
        }
        skipSpace()
        guard position == end else { throw failure(.trailingBytes, at: position) }
    }

    func failure(_ reason: JSONError.Reason, at offset: Int) -> JSONError {
        JSONError(reason, at: offset, in: bytes)
    }

    mutating func append(
        _ kind: JSONNode.Kind, from start: Int, escaped: Bool = false, isName: Bool = false
    ) throws(JSONError) {
        guard tape.count < limits.values else {
            throw failure(.tooManyValues(limit: limits.values), at: start)
        }
        let next = UInt32(truncatingIfNeeded: tape.count + 1)
        tape.append(
            JSONEntry(
                start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: position),
                next: next, kind: kind, escaped: escaped, isName: isName))
    }
}

extension JSONParser {
    private mutating func readElement(of container: Int) throws(JSONError) {
        if try atNextItem(of: container, close: UInt8(ascii: "]")) {
            try readValue()
        }
    }

    private mutating func readMember(of container: Int) throws(JSONError) {
        guard try atNextItem(of: container, close: UInt8(ascii: "}")) else { return }
        guard try peek() == UInt8(ascii: "\"") else { throw failure(.expectedName, at: position) }
        try readString(isName: true)
        skipSpace()
        guard try peek() == UInt8(ascii: ":") else { throw failure(.expectedColon, at: position) }
        position += 1
        skipSpace()
        try readValue()
    }

    /// Steps over the comma to the next item, or over the closing bracket (then false).
    private mutating func atNextItem(of container: Int, close: UInt8) throws(JSONError) -> Bool {
        skipSpace()
        let isFirst = tape.count == container + 1
        let byte = try peek()
        if byte == close {
            position += 1
            try closeContainer(container)
            return false
        }
        if isFirst { return true }
        guard byte == UInt8(ascii: ",") else { throw failure(.expectedCommaOrClose, at: position) }
        position += 1
        skipSpace()
        return true
    }

    private mutating func closeContainer(_ container: Int) throws(JSONError) {
        open.removeLast()
        tape[container].end = UInt32(truncatingIfNeeded: position)
        tape[container].next = UInt32(truncatingIfNeeded: tape.count)
        guard tape[container].kind == .object else { return }
        if let duplicate = JSONDuplicates.first(in: tape, object: container, of: bytes) {
            throw failure(.duplicateName, at: Int(tape[duplicate].start))
        }
    }

    private mutating func readValue() throws(JSONError) {
        switch try peek() {
        case UInt8(ascii: "\""): try readString()
        case UInt8(ascii: "{"): try openContainer(.object)
        case UInt8(ascii: "["): try openContainer(.array)
        case UInt8(ascii: "t"): try readWord("true", .boolean)
        case UInt8(ascii: "f"): try readWord("false", .boolean)
        case UInt8(ascii: "n"): try readWord("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try readNumber()
        default: throw failure(.expectedValue, at: position)
        }
    }

    private mutating func openContainer(_ kind: JSONNode.Kind) throws(JSONError) {
        guard open.count < limits.depth else { throw failure(.tooDeep(limit: limits.depth), at: position) }
        open.append(tape.count)
        position += 1
        try append(kind, from: position - 1)
    }

    private mutating func readWord(_ word: String, _ kind: JSONNode.Kind) throws(JSONError) {
        let start = position
        for byte in word.utf8 {
            guard try peek() == byte else { throw failure(.expectedValue, at: start) }
            position += 1
        }
        try append(kind, from: start)
    }
}

extension JSONParser {
    private func peek() throws(JSONError) -> UInt8 {
        guard position < end else { throw failure(.unexpectedEnd, at: end) }
        return bytes[position]
    }

    private mutating func skipSpace() {
        var at = position
        while at < end {
            let byte = bytes[at]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
            at += 1
        }
        position = at
    }
}
