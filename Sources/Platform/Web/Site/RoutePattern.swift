// SPDX-License-Identifier: Apache-2.0

/// The path of a route, taken apart once: every request is held against all of them.
struct RoutePattern: Sendable {
    private enum Segment: Sendable {
        case literal([UInt8])
        /// `{name}`: one segment that varies.
        case value(String)
        /// `{...name}` at the end: one segment and all behind it.
        case rest(String)
    }

    /// The path up to its last slash.
    let folder: [UInt8]
    private let segments: [Segment]
    private let takesRest: Bool

    init(_ path: String) {
        segments = path.split(separator: "/", omittingEmptySubsequences: true).map { segment in
            if segment.hasPrefix("{...") { return .rest(String(segment.dropFirst(4).dropLast())) }
            if segment.hasPrefix("{") { return .value(String(segment.dropFirst().dropLast())) }
            return .literal(Array(segment.utf8))
        }
        takesRest = if case .rest = segments.last { true } else { false }
        folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { Array(path.utf8[...$0]) } ?? []
    }

    /// Whether both stand for the same paths.
    func isShaped(like other: RoutePattern) -> Bool {
        segments.count == other.segments.count
            && zip(segments, other.segments).allSatisfy { pair in
                switch pair {
                case (.literal(let one), .literal(let two)): one == two
                case (.value, .value), (.value, .rest), (.rest, .value), (.rest, .rest): true
                default: false
                }
            }
    }

    /// Whether the segments of a path that do not vary are these.
    func fits(_ parts: [Substring.UTF8View]) -> Bool {
        guard takesRest ? parts.count >= segments.count : parts.count == segments.count else { return false }
        return zip(segments, parts).allSatisfy { segment, part in
            if case .literal(let bytes) = segment { part.elementsEqual(bytes) } else { true }
        }
    }

    /// What stands in the segments that vary; nil when it is no proper percent-encoding.
    ///
    /// - Precondition: `fits(parts)`.
    func parameters(_ parts: [Substring.UTF8View]) -> [String: String]? {
        var parameters: [String: String] = [:]
        for (index, segment) in segments.enumerated() {
            switch segment {
            case .literal: continue
            case .value(let name):
                guard let value = PercentCoding.decode(parts[index], plusIsSpace: false) else { return nil }
                parameters[name] = value
            case .rest(let name):
                let rest = parts[index...].joined(separator: [UInt8(ascii: "/")])
                guard let value = PercentCoding.decode(rest, plusIsSpace: false) else { return nil }
                parameters[name] = value
            }
        }
        return parameters
    }
}
