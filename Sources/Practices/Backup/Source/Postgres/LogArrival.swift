// SPDX-License-Identifier: Apache-2.0

import ResticFormat
import Store

/// The files of a PostgreSQL server's log while they arrive.
struct LogArrival {
    private(set) var arriving: ArrivingFiles
    private let base: LogBase
    private let folder: [[UInt8]]
    private let size: UInt64
    private var number: UInt64
    /// Bytes of the file that is arriving; nil between two.
    private var filled: UInt64?

    private static let zeros = Array(repeating: UInt8(0), count: 128 << 10)

    init(_ arriving: ArrivingFiles, _ base: LogBase, _ folder: [[UInt8]], segmentSize: UInt64) {
        (self.arriving, self.base, self.folder, size) = (arriving, base, folder, segmentSize)
        // The base has this one too, as far as its own part of the log goes.
        number = (max(base.position.bytes, 1) - 1) / segmentSize
    }

    /// Takes over the full files of an earlier snapshot; from where on the log is to be streamed.
    mutating func adopt(_ known: KnownLog?) -> LogPosition {
        while let known, (number + 1) * size <= known.end.bytes, let node = known.nodes[name], node.size == size {
            arriving.adopt(node, at: folder + [name])
            number += 1
        }
        return LogPosition(bytes: number * size)
    }

    private var name: [UInt8] {
        Array(LogSegment.name(number, timeline: base.timeline, size: size).utf8)
    }

    mutating func take(_ bytes: ArraySlice<UInt8>, _ group: inout ArrivingFiles.Group) async throws {
        var rest = bytes
        while !rest.isEmpty {
            if filled == nil { begin() }
            let part = rest.prefix(Int(clamping: size - (filled ?? 0)))
            try await arriving.add(part, &group)
            filled = (filled ?? 0) + UInt64(part.count)
            rest = rest.dropFirst(part.count)
            if filled == size { try await end(&group) }
        }
    }

    private mutating func begin() {
        var node = base.pattern
        (node.name, node.content, node.size, node.links) = (name, [], 0, 1)
        (node.mode, node.inode) = (FileMode(unix: 0o100600), 0)
        arriving.begin(node, at: folder + [name], size: Int64(clamping: size), .ordinary)
        filled = 0
    }

    private mutating func end(_ group: inout ArrivingFiles.Group) async throws {
        try await arriving.end(&group)
        filled = nil
        number += 1
    }

    /// Fills the last file with zeros, where recovery ends, and waits until everything is stored.
    mutating func finish(_ group: inout ArrivingFiles.Group) async throws {
        while let filled {
            let part = Self.zeros.prefix(Int(clamping: size - filled))
            try await take(part, &group)
        }
        try await arriving.finish(&group)
    }
}
