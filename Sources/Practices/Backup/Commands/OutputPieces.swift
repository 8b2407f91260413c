// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Standard output, written in large pieces: for what may be long, or is no text.
final class OutputPieces {
    private let descriptor: Descriptor
    private var waiting: [UInt8] = []
    private static let piece = 1 << 16

    /// Standard output.
    ///
    /// - Throws: `SystemError`.
    init() throws(SystemError) {
        // A copy, because a descriptor closes what it has.
        let number = dup(STDOUT_FILENO)
        guard number >= 0 else { throw SystemError("write") }
        descriptor = Descriptor(number)
    }

    /// Any open file.
    init(_ descriptor: consuming Descriptor) {
        self.descriptor = descriptor
    }

    func write(_ bytes: [UInt8]) throws(SystemError) {
        if waiting.isEmpty, bytes.count >= Self.piece { return try descriptor.write(bytes) }
        waiting += bytes
        if waiting.count >= Self.piece { try flush() }
    }

    func write(_ text: String) throws(SystemError) {
        try write(Array(text.utf8))
    }

    func line(_ text: String = "") throws(SystemError) {
        try write(Array(text.utf8) + [UInt8(ascii: "\n")])
    }

    /// Writes what waits.
    func flush() throws(SystemError) {
        defer { waiting.removeAll(keepingCapacity: true) }
        try descriptor.write(waiting)
    }
}
