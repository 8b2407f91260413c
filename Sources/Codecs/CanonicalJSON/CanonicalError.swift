// SPDX-License-Identifier: Apache-2.0

/// Why a value has no canonical text, or a text is not canonical. It never quotes content.
public enum CanonicalError: Error, Sendable, Equatable, CustomStringConvertible {
    /// An object to be written has a name twice.
    case duplicateName
    /// A number lies outside ±(2⁵³−1).
    case integerOutOfRange
    /// A value to be written is nested deeper than the limit.
    case tooDeep(limit: Int)
    /// The text is no strict JSON at all.
    case malformed(JSONError)
    /// `null`, or a number with fraction or exponent, at that byte: our restriction of RFC 8785 has neither.
    case unsupportedValue(offset: Int)
    /// Good JSON, but another text than the canonical one from that byte on.
    case notCanonical(offset: Int)

    /// The reason in plain words.
    public var description: String {
        switch self {
        case .duplicateName: "duplicate name"
        case .integerOutOfRange: "a number lies outside the exact range of JSON"
        case .tooDeep(let limit): "nested deeper than \(limit)"
        case .malformed(let error): "\(error)"
        case .unsupportedValue(let offset): "null or a number that is not whole at byte \(offset)"
        case .notCanonical(let offset): "not in canonical form from byte \(offset)"
        }
    }
}
