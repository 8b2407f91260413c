// SPDX-License-Identifier: Apache-2.0

/// Appends a text so that it is inert in element content and in quoted attribute values (HTML 13.1.2.3, 13.1.3).
///
/// `& < > " '` become character references; control characters other than tab and line ends, which HTML does not
/// allow, become U+FFFD.
func appendEscaped(_ text: String, to bytes: inout [UInt8]) {
    let plain = text.utf8.allSatisfy { reference(for: $0) == nil }
    if plain {
        bytes.append(contentsOf: text.utf8)
        return
    }
    for byte in text.utf8 {
        if let replacement = reference(for: byte) {
            bytes.append(contentsOf: String(describing: replacement).utf8)
        } else {
            bytes.append(byte)
        }
    }
}

/// What stands for a byte that must not appear as it is, nil for all others.
@inline(__always)
private func reference(for byte: UInt8) -> StaticString? {
    switch byte {
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "\""): "&quot;"
    case UInt8(ascii: "'"): "&#39;"
    case 0x09, 0x0A, 0x0D: nil
    case 0x00..<0x20, 0x7F: "\u{FFFD}"
    default: nil
    }
}

/// Whether a text is a link inside this site: `/…` (not `//…`), `?…` or `#…`, without backslash, blank or control
/// characters. Browsers drop tabs and line ends and read `\` as `/`, so `/<tab>/host` would leave the site
/// (URL standard, basic URL parser).
package func isLocalPath(_ path: String) -> Bool {
    let bytes = Array(path.utf8)
    guard let first = bytes.first else { return false }
    guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else { return false }
    switch first {
    case UInt8(ascii: "#"), UInt8(ascii: "?"): return true
    case UInt8(ascii: "/"): return bytes.count < 2 || bytes[1] != UInt8(ascii: "/")
    default: return false
    }
}
