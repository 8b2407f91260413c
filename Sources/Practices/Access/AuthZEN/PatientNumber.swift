// SPDX-License-Identifier: Apache-2.0

/// A number that another system gave a patient, as FHIR's search writes it: `system|value`.
struct PatientNumber: Sendable {
    /// The system's name, mostly an address; empty for a number without one.
    let system: String
    let value: String

    /// In bytes; a longer text is no number.
    static let longest = 512

    /// The number in a text, divided at its first `|`; nil where there is none.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.longest, let bar = bytes.firstIndex(of: UInt8(ascii: "|")), bar + 1 < bytes.count
        else {
            return nil
        }
        system = String(decoding: bytes[..<bar], as: UTF8.self)
        value = String(decoding: bytes[(bar + 1)...], as: UTF8.self)
    }
}
