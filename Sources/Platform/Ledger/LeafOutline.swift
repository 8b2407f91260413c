// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel

/// What the index keeps of a leaf, read without building the rest of it: thousands are placed in a second.
///
/// It knows the one layout that `Leaf.encoded()` writes and passes over the particulars. Whether a leaf is whole is
/// for `Leaf(decoding:)` to say, which verification asks for every entry.
struct LeafOutline {
    private(set) var id: [UInt8] = []
    private(set) var kind = ""
    private(set) var at: Int64 = 0
    /// `type:id` of who acted.
    private(set) var actor = ""
    private(set) var on: [UInt8]?

    /// The outline of the leaf in `bytes`; nil where they are written in any other way, or with escapes.
    init?(scanning bytes: [UInt8]) {
        var scanner = Scanner(bytes)
        guard scanner.skip(#"{"actor":{"id":""#), let name = scanner.text(), scanner.skip(#","type":""#),
            let type = scanner.text(), scanner.skip(#"},"at":"#), let at = scanner.integer(),
            scanner.skip(#","data":"#), scanner.skipObject()
        else { return nil }
        if scanner.skip(#","effective":"#) { guard scanner.integer() != nil else { return nil } }
        guard scanner.skip(#","id":""#), let id = scanner.text().flatMap({ Identifier<Kernel.Leaf>($0) }),
            scanner.skip(#","kind":""#), let kind = scanner.text()
        else { return nil }
        if scanner.skip(#","on":""#) {
            guard let on = scanner.text().flatMap({ Hex.decodeLowercase(String($0)) }) else { return nil }
            self.on = on
        }
        guard scanner.skip(#","v":1}"#), scanner.isAtEnd else { return nil }
        self.id = id.bytes
        self.kind = kind
        self.at = at
        actor = "\(type):\(name)"
    }

    private struct Scanner {
        private let bytes: [UInt8]
        private var position = 0

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
        }

        var isAtEnd: Bool { position == bytes.count }

        /// Passes over `expected` if that is what follows.
        mutating func skip(_ expected: StaticString) -> Bool {
            let count = expected.utf8CodeUnitCount
            guard count <= bytes.count - position else { return false }
            let isSame = expected.withUTF8Buffer { buffer in
                for place in 0..<count where unsafe buffer[place] != bytes[position + place] { return false }
                return true
            }
            if isSame { position += count }
            return isSame
        }

        /// The text up to the closing quote, which is passed over; nil when it holds an escape or is no UTF-8.
        mutating func text() -> String? {
            let start = position
            while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
                guard bytes[position] != UInt8(ascii: "\\") else { return nil }
                position += 1
            }
            guard position < bytes.count else { return nil }
            defer { position += 1 }
            return String(validating: bytes[start..<position], as: UTF8.self)
        }

        /// The whole number that follows.
        mutating func integer() -> Int64? {
            let start = position
            while position < bytes.count, bytes[position] == UInt8(ascii: "-") || 0x30...0x39 ~= bytes[position] {
                position += 1
            }
            return Int64(String(decoding: bytes[start..<position], as: UTF8.self))
        }

        /// Passes over an object, whatever is in it.
        mutating func skipObject() -> Bool {
            guard position < bytes.count, bytes[position] == UInt8(ascii: "{") else { return false }
            var (depth, isText) = (0, false)
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                switch byte {
                case UInt8(ascii: "\\") where isText: position += 1
                case UInt8(ascii: "\""): isText.toggle()
                case UInt8(ascii: "{") where !isText: depth += 1
                case UInt8(ascii: "}") where !isText:
                    depth -= 1
                    if depth == 0 { return true }
                default: break
                }
            }
            return false
        }
    }
}
