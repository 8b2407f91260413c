// SPDX-License-Identifier: Apache-2.0

/// Paths inside a snapshot, which are lists of names of any bytes.
enum PathText {
    /// With a slash in front of each name; `/` for the root.
    static func bytes(_ path: [[UInt8]]) -> [UInt8] {
        path.isEmpty ? [UInt8(ascii: "/")] : path.reduce(into: []) { $0 += [UInt8(ascii: "/")] + $1 }
    }

    /// The same for people.
    static func text(_ path: [[UInt8]]) -> String {
        String(decoding: bytes(path), as: UTF8.self)
    }

    /// The names with slashes between them.
    static func joined(_ path: [[UInt8]]) -> String {
        String(decoding: Array(path.joined(separator: [UInt8(ascii: "/")])), as: UTF8.self)
    }
}
