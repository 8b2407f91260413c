// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A call to the system that failed.
struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The system's number of the error.
    let number: Int32
    /// What was tried: "open", "read".
    let act: String
    /// On what; nothing where only an open file is known.
    let path: String

    /// Of the call that failed last on this thread.
    init(_ act: String, _ path: [UInt8] = []) {
        self.init(errno, act, path)
    }

    init(_ number: Int32, _ act: String, _ path: [UInt8] = []) {
        (self.number, self.act, self.path) = (number, act, String(decoding: path, as: UTF8.self))
    }

    /// Whether there was no space.
    var isFull: Bool { number == ENOSPC || number == EDQUOT }

    /// Whether there is no such thing.
    var isMissing: Bool { number == ENOENT }

    /// The system's words for it.
    var reason: String { unsafe String(cString: strerror(number)) }

    var description: String {
        path.isEmpty ? "could not \(act): \(reason)" : "\(path): could not \(act): \(reason)"
    }
}

/// A path or name as the system's calls take it.
func terminated(_ path: [UInt8]) -> [CChar] {
    path.map { CChar(bitPattern: $0) } + [0]
}
