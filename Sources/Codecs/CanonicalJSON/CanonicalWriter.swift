// SPDX-License-Identifier: Apache-2.0

/// Writes values as RFC 8785 says.
struct CanonicalWriter {
    var bytes: [UInt8] = []

    mutating func write(_ value: CanonicalValue, depth: Int) throws(CanonicalError) {
        switch value {
        case .object(let members): try write(members, depth: depth)
        case .array(let elements): try write(elements, depth: depth)
        case .string(let text): write(text)
        case .boolean(let truth): bytes.append(contentsOf: (truth ? "true" : "false").utf8)
        case .integer(let number):
            guard number.magnitude <= CanonicalValue.largestInteger.magnitude else { throw .integerOutOfRange }
            bytes.append(contentsOf: String(number).utf8)
        }
    }

    private mutating func write(_ members: [CanonicalMember], depth: Int) throws(CanonicalError) {
        try check(depth)
        let isSorted = zip(members, members.dropFirst()).allSatisfy(CanonicalMember.inOrder)
        let sorted = isSorted ? members : members.sorted(by: CanonicalMember.inOrder)
        bytes.append(UInt8(ascii: "{"))
        for (index, member) in sorted.enumerated() {
            if index > 0 {
                guard !sorted[index - 1].name.utf8.elementsEqual(member.name.utf8) else { throw .duplicateName }
                bytes.append(UInt8(ascii: ","))
            }
            write(member.name)
            bytes.append(UInt8(ascii: ":"))
            try write(member.value, depth: depth + 1)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func write(_ elements: [CanonicalValue], depth: Int) throws(CanonicalError) {
        try check(depth)
        bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            try write(element, depth: depth + 1)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private func check(_ depth: Int) throws(CanonicalError) {
        guard depth < CanonicalValue.deepestNesting else { throw .tooDeep(limit: CanonicalValue.deepestNesting) }
    }

    /// RFC 8785 section 3.2.2.2: only what must be escaped is, with the short forms where they exist.
    mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        defer { bytes.append(UInt8(ascii: "\"")) }
        let isPlain = unsafe text.utf8.withContiguousStorageIfAvailable { utf8 in
            guard unsafe utf8.allSatisfy(Self.isPlain) else { return false }
            unsafe bytes.append(contentsOf: utf8)
            return true
        }
        if isPlain != true { writeEscaping(text) }
    }

    /// Whether a byte of a text stands for itself.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private mutating func writeEscaping(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x08: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "b")]
            case 0x09: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case 0x0A: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case 0x0C: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "f")]
            case 0x0D: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(contentsOf: Hex.encode([byte]).utf8)
            default: bytes.append(byte)
            }
        }
    }
}
