// SPDX-License-Identifier: Apache-2.0

/// What may stand inside `\( … )` of an ``HTML`` literal, and how each of it is made safe.
package struct HTMLInterpolation: StringInterpolationProtocol, Sendable {
    private(set) var bytes: [UInt8]

    /// Reserves room for the literal parts and a guess for the values.
    package init(literalCapacity: Int, interpolationCount: Int) {
        bytes = []
        bytes.reserveCapacity(literalCapacity &+ interpolationCount &* 24)
    }

    /// Takes source text as markup. `StaticString` cannot be made from a value at run time.
    package mutating func appendLiteral(_ literal: StaticString) {
        // Unsafe claim: the buffer of a static string lives as long as the program and is only read here.
        literal.withUTF8Buffer { buffer in
            unsafe bytes.append(contentsOf: buffer)
        }
    }

    /// A text, escaped.
    package mutating func appendInterpolation(_ text: String) {
        appendEscaped(text, to: &bytes)
    }

    /// A text, escaped.
    package mutating func appendInterpolation(_ text: Substring) {
        appendEscaped(String(text), to: &bytes)
    }

    /// A text, escaped; nothing when absent.
    package mutating func appendInterpolation(_ text: String?) {
        if let text { appendEscaped(text, to: &bytes) }
    }

    /// A whole number in decimal digits, without grouping.
    package mutating func appendInterpolation(_ number: some BinaryInteger) {
        bytes.append(contentsOf: String(number).utf8)
    }

    /// A piece, as it is.
    package mutating func appendInterpolation(_ piece: HTML) {
        bytes.append(contentsOf: piece.bytes)
    }

    /// A piece, as it is; nothing when absent.
    package mutating func appendInterpolation(_ piece: HTML?) {
        if let piece { bytes.append(contentsOf: piece.bytes) }
    }

    /// Pieces, one after the other.
    package mutating func appendInterpolation(_ pieces: [HTML]) {
        for piece in pieces { bytes.append(contentsOf: piece.bytes) }
    }

    /// A component's markup.
    package mutating func appendInterpolation(_ component: some Component) {
        bytes.append(contentsOf: component.html.bytes)
    }

    /// A component's markup; nothing when absent.
    package mutating func appendInterpolation(_ component: (some Component)?) {
        if let component { bytes.append(contentsOf: component.html.bytes) }
    }

    /// Components of one kind, one after the other.
    package mutating func appendInterpolation(_ components: [some Component]) {
        for component in components { bytes.append(contentsOf: component.html.bytes) }
    }

    /// A whole attribute with a space before it, or nothing when the value is absent:
    /// `<a\(attribute: "id", id)>`.
    package mutating func appendInterpolation(attribute name: StaticString, _ value: String?) {
        guard let value else { return }
        appendLiteral(" ")
        appendLiteral(name)
        appendLiteral("=\"")
        appendEscaped(value, to: &bytes)
        appendLiteral("\"")
    }

    /// An attribute without a value, such as `required`, with a space before it, when it is on.
    package mutating func appendInterpolation(flag name: StaticString, _ isOn: Bool) {
        guard isOn else { return }
        appendLiteral(" ")
        appendLiteral(name)
    }

    /// A link target inside this site, escaped. Anything that a browser could read as another site or another
    /// scheme becomes `#`: see ``isLocalPath(_:)``.
    package mutating func appendInterpolation(path: String) {
        appendEscaped(isLocalPath(path) ? path : "#", to: &bytes)
    }
}
