// SPDX-License-Identifier: Apache-2.0

/// The fields of a query or of a form, in order; a name may stand more than once.
package struct Fields: Sendable {
    /// The fields as they came.
    package private(set) var all: [(name: String, value: String)] = []

    /// No fields.
    package init() {}

    /// Reads `application/x-www-form-urlencoded` bytes (URL Standard, section 5.1).
    ///
    /// Nil for more than 1,000 fields, a broken percent escape, or bytes that are not UTF-8.
    package init?(urlEncoded bytes: some Collection<UInt8>) {
        let parts = bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true)
        guard parts.count <= 1_000 else { return nil }
        for part in parts {
            let encodedName = part.prefix { $0 != UInt8(ascii: "=") }
            guard let name = PercentCoding.decode(encodedName, plusIsSpace: true),
                let value = PercentCoding.decode(part.dropFirst(encodedName.count + 1), plusIsSpace: true)
            else { return nil }
            all.append((name, value))
        }
    }

    /// The first value of `name`, or nil.
    package subscript(_ name: String) -> String? {
        all.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// Every value of `name`.
    package func values(of name: String) -> [String] {
        all.filter { $0.name.utf8.elementsEqual(name.utf8) }.map(\.value)
    }
}

/// Percent-encoding of RFC 3986 section 2.1.
package enum PercentCoding {
    /// The text that `bytes` encode; nil for a broken escape or bytes that are not UTF-8.
    package static func decode(_ bytes: some Sequence<UInt8>, plusIsSpace: Bool) -> String? {
        var decoded: [UInt8] = []
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            if byte == UInt8(ascii: "%") {
                guard let high = digit(iterator.next()), let low = digit(iterator.next()) else { return nil }
                decoded.append(high << 4 | low)
            } else {
                decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    /// `text` with everything but unreserved characters escaped, for a path segment or a query value.
    package static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(byte)
            default:
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8?) -> UInt8? {
        switch byte {
        case .some(let byte) where byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case .some(let byte) where byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case .some(let byte) where byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
