// SPDX-License-Identifier: Apache-2.0

import Codecs
import Glibc

extension Whoami {
    /// The user and the machine of this process.
    static var current: Whoami {
        var name = Array(repeating: CChar(0), count: 256)
        let host = unsafe gethostname(&name, name.count - 1) == 0 ? text(name) : ""
        let (uid, gid) = (geteuid(), getegid())
        return Whoami(user: NodeReader.userName(uid), host: host, uid: uid, gid: gid)
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The same on a machine of another name.
    func named(_ host: String?) -> Whoami {
        host.map { Whoami(user: user, host: $0, uid: uid, gid: gid) } ?? self
    }
}

/// Numbers of bytes for people: `3.4 MB`.
enum ByteText {
    static func of(_ count: Int64) -> String {
        var (value, unit) = (Double(count), 0)
        let units = ["bytes", "kB", "MB", "GB", "TB", "PB"]
        while value >= 1_000, unit < units.count - 1 { (value, unit) = (value / 1_000, unit + 1) }
        guard unit > 0 else { return "\(count) \(count == 1 ? "byte" : "bytes")" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}

extension ByteText {
    /// The number of bytes that people mean by `16M`: units are those of restic, 1 kB being 1024 bytes; nil for anything
    /// else, and for more than fits.
    static func parse(_ text: String) -> Int? {
        var digits = Array(text.utf8)
        if let last = digits.last, last | 0x20 == UInt8(ascii: "b") { digits.removeLast() }
        var shift = 0
        if let last = digits.last, let place = Array("kmgt".utf8).firstIndex(of: last | 0x20) {
            digits.removeLast()
            shift = (place + 1) * 10
        }
        guard !digits.isEmpty, digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            let count = Int(String(decoding: digits, as: UTF8.self))
        else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 1 << shift)
        return overflow ? nil : bytes
    }
}

/// Text as JSON, for output that is put together by hand.
enum JSONText {
    static func quoted(_ text: String) -> String {
        (try? CanonicalValue.string(text).encode()).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
