// SPDX-License-Identifier: Apache-2.0

/// Patterns by which files are left out or taken in, as restic reads them: parts between slashes, each with `*`, `?` and
/// `[…]`; `**` stands for any number of parts; a pattern that begins with `/` counts from the root, every other may begin
/// anywhere. What is inside a folder that matches, matches.
public struct PathPattern: Sendable {
    /// As it was written.
    public let text: String
    /// Whether it takes back what patterns before it said (`!` in front).
    public let isNegated: Bool
    private let isAbsolute: Bool
    private let parts: [Part]

    private enum Part: Sendable {
        case anything
        case exactly([UInt8])
        case glob(GlobPattern)
    }

    /// Reads a pattern; nil when it is empty, or a bracket or backslash in it has no end.
    public init?(_ text: String) {
        var bytes = Array(text.utf8)[...]
        isNegated = bytes.first == UInt8(ascii: "!")
        if isNegated { bytes = bytes.dropFirst() }
        guard !bytes.isEmpty else { return nil }
        isAbsolute = bytes.first == UInt8(ascii: "/")
        var parts: [Part] = []
        for piece in Self.cleaned(bytes) {
            if piece.elementsEqual("**".utf8) {
                parts.append(.anything)
            } else if piece.contains(where: { #"\[]*?"#.utf8.contains($0) }) {
                guard let glob = GlobPattern(piece) else { return nil }
                parts.append(.glob(glob))
            } else {
                parts.append(.exactly(piece))
            }
        }
        self.parts = parts
        self.text = text
    }

    /// The parts between slashes, without those that say nothing.
    private static func cleaned(_ path: ArraySlice<UInt8>) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        for part in path.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
            if part.elementsEqual("..".utf8), let last = parts.last, !last.elementsEqual("..".utf8) {
                parts.removeLast()
            } else {
                parts.append(Array(part))
            }
        }
        return parts
    }

    /// Whether a path, or a folder on the way to it, matches.
    ///
    /// - Parameter path: the names from the root on.
    func matches(_ path: [[UInt8]]) -> Bool {
        var memory = Memory(path: path)
        guard !isAbsolute else { return matches(0, 0, &memory) }
        return path.indices.contains { matches(0, $0, &memory) }
    }

    /// Whether something inside the folder `path` may match.
    func mayMatch(inside path: [[UInt8]]) -> Bool {
        guard isAbsolute else { return true }
        let fixed = parts.firstIndex { if case .anything = $0 { true } else { false } } ?? parts.count
        let count = min(path.count, fixed)
        return (0..<count).allSatisfy { matches(parts[$0], path[$0]) }
    }

    private struct Memory {
        let path: [[UInt8]]
        /// Pairs of part and name from which nothing matches: without them `**` would try the same again and again.
        var failed: Set<Int> = []
    }

    private func matches(_ part: Int, _ name: Int, _ memory: inout Memory) -> Bool {
        guard part < parts.count else { return true }
        let key = part * (memory.path.count + 1) + name
        guard !memory.failed.contains(key) else { return false }
        let isMatch: Bool
        if case .anything = parts[part] {
            isMatch =
                matches(part + 1, name, &memory) || name < memory.path.count && matches(part, name + 1, &memory)
        } else {
            isMatch =
                name < memory.path.count && matches(parts[part], memory.path[name])
                && matches(part + 1, name + 1, &memory)
        }
        if !isMatch { memory.failed.insert(key) }
        return isMatch
    }

    private func matches(_ part: Part, _ name: [UInt8]) -> Bool {
        switch part {
        case .anything: true
        case .exactly(let bytes): bytes == name
        case .glob(let glob): glob.matches(name)
        }
    }
}

/// Several patterns, of which later ones may take back what earlier ones said.
public struct PathPatterns: Sendable {
    private let patterns: [PathPattern]
    private let ignoresCase: Bool

    /// - Parameter ignoresCase: whether letters of both cases are the same; the patterns are then lower case.
    public init(_ patterns: [PathPattern], ignoresCase: Bool = false) {
        (self.patterns, self.ignoresCase) = (patterns, ignoresCase)
    }

    /// Whether there is no pattern.
    public var isEmpty: Bool { patterns.isEmpty }

    /// Whether the path is meant.
    public func match(_ path: [[UInt8]]) -> Bool {
        let path = folded(path)
        return patterns.reduce(false) { isMatch, pattern in
            pattern.isNegated ? isMatch && !pattern.matches(path) : isMatch || pattern.matches(path)
        }
    }

    /// Whether something inside the folder may be meant, so that it is worth looking.
    public func mayMatch(inside path: [[UInt8]]) -> Bool {
        let path = folded(path)
        return patterns.reduce(false) { mayMatch, pattern in
            pattern.isNegated ? mayMatch && !pattern.matches(path) : mayMatch || pattern.mayMatch(inside: path)
        }
    }

    private func folded(_ path: [[UInt8]]) -> [[UInt8]] {
        guard ignoresCase else { return path }
        return path.map { Array(String(decoding: $0, as: UTF8.self).lowercased().utf8) }
    }
}
