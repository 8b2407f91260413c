// SPDX-License-Identifier: Apache-2.0

/// The forms of FHIR's own words (R4, section 2.24.0.1).
enum FHIRText {
    /// `id`: 1 to 64 of `A–Z a–z 0–9 - .`
    static func isID(_ text: some StringProtocol) -> Bool {
        1...64 ~= text.utf8.count && text.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == 0x2D || $0 == 0x2E }
    }

    /// A resource type: letters only, the first a capital.
    static func isTypeName(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, 1...64 ~= text.utf8.count else { return false }
        return first & 0x20 == 0 && text.utf8.allSatisfy(isLetter)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    /// Undoes `%41` and `+` of a query (WHATWG URL, application/x-www-form-urlencoded); nil for broken escapes.
    static func decodeQuery(_ text: Substring.UTF8View) -> [UInt8]? {
        var result: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hex), let low = rest.popFirst().flatMap(hex) else { return nil }
            result.append(high << 4 | low)
        }
        return result
    }

    private static func hex(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
