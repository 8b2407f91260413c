// SPDX-License-Identifier: Apache-2.0

/// An access control list in the text form of POSIX.1e (acl(5)), made of what Linux keeps as an extended attribute.
struct AccessListText {
    private(set) var bytes: [UInt8] = []

    /// Nil for anything that is no list of version 2.
    init?(_ attribute: [UInt8]) {
        guard attribute.count >= 4, attribute.count % 8 == 4, Self.number(attribute[..<4]) == 2 else { return nil }
        for start in stride(from: 4, to: attribute.count, by: 8) {
            let entry = attribute[start..<start + 8]
            guard let name = Self.name(of: Self.number(entry.prefix(2)), Self.number(entry.suffix(4))) else {
                return nil
            }
            let permissions = Self.number(entry.dropFirst(2).prefix(2))
            bytes += Array("\(name):".utf8)
            for (bit, letter) in [(4, "r"), (2, "w"), (1, "x")] as [(UInt32, String)] {
                bytes += Array((permissions & bit != 0 ? letter : "-").utf8)
            }
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    private static func name(of tag: UInt32, _ id: UInt32) -> String? {
        switch tag {
        case 0x01: "user:"
        case 0x02: "user:\(id)"
        case 0x04: "group:"
        case 0x08: "group:\(id)"
        case 0x10: "mask:"
        case 0x20: "other:"
        default: nil
        }
    }

    /// Little-endian.
    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
