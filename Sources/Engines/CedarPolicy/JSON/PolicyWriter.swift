// SPDX-License-Identifier: Apache-2.0

/// Writes policies as JSON (Cedar reference, "JSON policy format"): no white space, members always in the same order.
struct PolicyWriter {
    private(set) var bytes: [UInt8] = []

    /// Members in that order; those without a value are left out.
    mutating func object(_ members: (name: String, write: ((inout PolicyWriter) -> Void)?)...) {
        bytes.append(UInt8(ascii: "{"))
        var isFirst = true
        for (name, write) in members {
            guard let write else { continue }
            member(Text(name), isFirst: &isFirst, write)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Members whose names are data.
    mutating func object<Element>(
        _ elements: [Element], name: (Element) -> Text, _ write: (inout PolicyWriter, Element) -> Void
    ) {
        bytes.append(UInt8(ascii: "{"))
        var isFirst = true
        for element in elements { member(name(element), isFirst: &isFirst) { write(&$0, element) } }
        bytes.append(UInt8(ascii: "}"))
    }

    mutating func array<Element>(_ elements: [Element], _ write: (inout PolicyWriter, Element) -> Void) {
        bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(&self, element)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func member(_ name: Text, isFirst: inout Bool, _ write: (inout PolicyWriter) -> Void) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        string(name)
        bytes.append(UInt8(ascii: ":"))
        write(&self)
    }

    /// A number or a truth value.
    mutating func word(_ word: String) {
        bytes += word.utf8
    }

    /// Only what RFC 8259 section 7 demands is escaped.
    mutating func string(_ text: Text) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x09: bytes += "\\t".utf8
            case 0x0A: bytes += "\\n".utf8
            case 0x0D: bytes += "\\r".utf8
            case 0..<0x20: bytes += "\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))".utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func string(_ text: String) {
        string(Text(text))
    }

    mutating func entity(_ uid: EntityUID) {
        object(("type", { $0.string(uid.type.text) }), ("id", { $0.string(uid.id) }))
    }
}
