// SPDX-License-Identifier: Apache-2.0

/// A piece of a page that is escaped by construction.
///
/// Written as a string literal: `let line: HTML = "<p class=\"x\">\(name)</p>"`. Only text that stands in the source
/// is taken as markup; every interpolated `String` is escaped for text and for quoted attributes. There is no way to
/// make one from a run-time string. Attribute values must stand in quotes, and paths belong in `\(path: …)`.
package struct HTML: Sendable, Equatable {
    /// The markup as UTF-8.
    private(set) var bytes: [UInt8]

    /// An empty piece.
    package init() {
        bytes = []
    }

    /// Joins pieces without anything between them.
    package init(_ pieces: [HTML]) {
        bytes = []
        bytes.reserveCapacity(pieces.reduce(0) { $0 &+ $1.bytes.count })
        for piece in pieces { bytes.append(contentsOf: piece.bytes) }
    }

    init(escaped: HTMLInterpolation) {
        bytes = escaped.bytes
    }

    /// True when nothing would be rendered.
    package var isEmpty: Bool { bytes.isEmpty }

    /// The markup as UTF-8 bytes, ready for a response body.
    package func render() -> [UInt8] { bytes }

    /// The markup as a string, for tests and for e-mail bodies.
    package func renderString() -> String { String(decoding: bytes, as: UTF8.self) }

    /// Appends a piece in place.
    package static func += (left: inout HTML, right: HTML) {
        left.bytes.append(contentsOf: right.bytes)
    }

    /// Two pieces, one after the other.
    package static func + (left: HTML, right: HTML) -> HTML {
        HTML([left, right])
    }
}

extension HTML: ExpressibleByStringInterpolation {
    /// Markup that stands in the source without interpolation.
    package init(stringLiteral value: StaticString) {
        var interpolation = HTMLInterpolation(literalCapacity: value.utf8CodeUnitCount, interpolationCount: 0)
        interpolation.appendLiteral(value)
        self.init(escaped: interpolation)
    }

    /// Markup that stands in the source, with escaped values in it.
    package init(stringInterpolation: HTMLInterpolation) {
        self.init(escaped: stringInterpolation)
    }
}
