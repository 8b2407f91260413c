// SPDX-License-Identifier: Apache-2.0

/// A place in a text of policies.
public struct Position: Hashable, Sendable, CustomStringConvertible {
    /// The line, counted from 1; only LF ends a line.
    public let line: Int
    /// The byte's place within its line, counted from 1.
    public let column: Int

    /// Written for people.
    public var description: String {
        "line \(line), column \(column)"
    }
}

extension Position {
    /// The place of a byte.
    init(of offset: Int, in bytes: [UInt8]) {
        let before = bytes.prefix(offset)
        line = before.reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
        column = before.count - (before.lastIndex(of: 0x0A) ?? -1)
    }
}
