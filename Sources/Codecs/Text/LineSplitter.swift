// SPDX-License-Identifier: Apache-2.0

/// Cuts a stream of bytes into lines, for NDJSON. Only LF ends a line; a CR before it stays part of the line.
///
/// Memory is bounded by the longest line allowed and the piece pushed last.
public struct LineSplitter: Sendable {
    /// A line is longer than allowed; the stream cannot be read on.
    public struct LineTooLong: Error, Sendable, Equatable {
        /// Which line, counted from 1.
        public let line: Int
        /// The longest that was allowed, in bytes without LF.
        public let limit: Int
    }

    private let limit: Int
    private var pending: [UInt8] = []
    private var finished = 0

    /// Lines of at most so many bytes, LF not counted.
    public init(limit: Int) {
        self.limit = limit
    }

    /// Takes the next piece of the stream and returns the lines that it completes, without their LF.
    ///
    /// - Throws: `LineTooLong` as soon as a line passes the limit, whether or not its end is in sight.
    public mutating func push(_ bytes: some Collection<UInt8>) throws(LineTooLong) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            try extend(with: rest[..<end])
            lines.append(pending)
            finished += 1
            pending = []
            rest = rest[rest.index(after: end)...]
        }
        try extend(with: rest)
        return lines
    }

    /// Ends the stream: the last line if it had no LF, else nil.
    public mutating func finish() -> [UInt8]? {
        defer { pending = [] }
        return pending.isEmpty ? nil : pending
    }

    private mutating func extend(with bytes: some Collection<UInt8>) throws(LineTooLong) {
        guard bytes.count <= limit - pending.count else {
            throw LineTooLong(line: finished + 1, limit: limit)
        }
        pending.append(contentsOf: bytes)
    }
}
