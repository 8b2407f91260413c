// SPDX-License-Identifier: Apache-2.0

import Codecs
import ResticFormat

/// A JSON object on one line, member by member in restic's order. It takes what `CanonicalValue` refuses: numbers of 64
/// bits, shares, and text that may be no UTF-8, each wrong byte of which becomes U+FFFD as in restic's output.
struct JSONLine {
    private var bytes: [UInt8]

    init() {
        bytes = [UInt8(ascii: "{")]
    }

    /// Adds to an object that was written already.
    init(continuing object: [UInt8]) {
        bytes = object.last == UInt8(ascii: "}") ? Array(object.dropLast()) : [UInt8(ascii: "{")]
    }

    mutating func finish() -> String {
        bytes.append(UInt8(ascii: "}"))
        return String(decoding: bytes, as: UTF8.self)
    }

    mutating func add(_ name: StaticString, raw json: String) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes += "\"\(name)\":".utf8
        bytes += json.utf8
    }

    mutating func add(_ name: StaticString, _ text: String) {
        add(name, Array(text.utf8))
    }

    mutating func add(_ name: StaticString, _ text: [UInt8]) {
        add(name, raw: Self.quoted(text))
    }

    mutating func add(_ name: StaticString, number: some BinaryInteger) {
        add(name, raw: String(number))
    }

    mutating func add(_ name: StaticString, share: Double) {
        add(name, raw: share.isFinite ? "\(share)" : "0")
    }

    mutating func add(_ name: StaticString, _ time: Timestamp) {
        add(name, raw: "\"\(time.text)\"")
    }

    // What Go calls `omitempty`.

    mutating func addUnlessEmpty(_ name: StaticString, _ text: [UInt8]) {
        if !text.isEmpty { add(name, text) }
    }

    mutating func addUnlessZero(_ name: StaticString, _ number: some BinaryInteger) {
        if number != 0 { add(name, number: number) }
    }

    mutating func addUnlessZero(_ name: StaticString, share: Double) {
        if share != 0 { add(name, share: share) }
    }

    private static func quoted(_ text: [UInt8]) -> String {
        var whole: [UInt8] = []
        var place = 0
        while place < text.count {
            let length = UTF8Sequence.length(in: text, at: place, end: text.count)
            whole += length == 0 ? [0xEF, 0xBF, 0xBD] : Array(text[place..<place + length])
            place += max(1, length)
        }
        return JSONText.quoted(String(decoding: whole, as: UTF8.self))
    }
}
