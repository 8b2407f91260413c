// SPDX-License-Identifier: Apache-2.0

/// A number by which records name a practitioner: `system|value`.
struct PractitionerNumber: Sendable, Hashable {
    /// `system|value`, as relations of patients have it.
    let text: String

    /// The system of the national provider identifier of the United States.
    static let nationalSystem = "http://hl7.org/fhir/sid/us-npi"
    /// What can be typed.
    static let hint = "An NPI, ten digits; or the number as the records have it: system|value."

    /// Reads what somebody typed; ten digits alone are an NPI. Nil for anything else.
    init?(_ typed: String) {
        let bytes = Array(typed.utf8)
        if bytes.count == 10, bytes.allSatisfy({ 0x30...0x39 ~= $0 }) {
            text = "\(Self.nationalSystem)|\(typed)"
            return
        }
        let parts = typed.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, bytes.count <= 300,
            bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { return nil }
        text = typed
    }

    /// A number that was stored.
    init(stored text: String) {
        self.text = text
    }

    /// The number as people know it: `NPI 1234567893`, any other as the records have it.
    var title: String {
        let prefix = "\(Self.nationalSystem)|"
        guard text.utf8.starts(with: prefix.utf8) else { return text }
        return "NPI \(String(decoding: text.utf8.dropFirst(prefix.utf8.count), as: UTF8.self))"
    }

    /// Whether it says to be an NPI and is none: its last digit does not fit the others.
    var isDoubtful: Bool {
        let prefix = "\(Self.nationalSystem)|"
        guard text.utf8.starts(with: prefix.utf8) else { return false }
        return !Self.isNationalIdentifier(Array(text.utf8.dropFirst(prefix.utf8.count)))
    }

    /// Whether ten digits carry the right check digit: that of Luhn, with 80840 before them (45 CFR 162.406, and the
    /// NPI check digit calculation of the CMS).
    private static func isNationalIdentifier(_ digits: [UInt8]) -> Bool {
        guard digits.count == 10, digits.allSatisfy({ 0x30...0x39 ~= $0 }) else { return false }
        let sum = (Array("80840".utf8) + digits).reversed().enumerated().reduce(0) { sum, digit in
            let value = Int(digit.element - 0x30)
            guard digit.offset % 2 == 1 else { return sum + value }
            return sum + (value > 4 ? value * 2 - 9 : value * 2)
        }
        return sum % 10 == 0
    }
}
