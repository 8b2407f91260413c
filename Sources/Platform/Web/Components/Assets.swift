// SPDX-License-Identifier: Apache-2.0
import CAssets

/// A file that pages refer to. It is compiled into the server and named by its content, so that browsers may keep
/// it for ever.
package struct Asset: Sendable {
    /// The name without the hash, e.g. `app.css`.
    package let name: String
    /// The media type with its character set.
    package let mediaType: String
    /// The content.
    package let bytes: [UInt8]
    /// FNV-1a of the content, 64 bit, as 16 hexadecimal digits. It names a version; it protects nothing.
    package let hash: String

    /// The name with the hash in it, e.g. `app-85944171f73967e8.css`.
    package var hashedName: String {
        let parts = name.split(separator: ".", maxSplits: 1)
        guard let stem = parts.first, let ending = parts.dropFirst().first else { return name }
        return "\(stem)-\(hash).\(ending)"
    }

    /// Where pages find it: `/assets/` and the hashed name.
    package var path: String { "/assets/" + hashedName }

    private init(number: Int, name: String, mediaType: String) {
        self.name = name
        self.mediaType = mediaType
        // Unsafe claim: CAssets returns a constant array of that length which lives as long as the program.
        bytes = unsafe Array(
            UnsafeBufferPointer(start: salus_asset_bytes(Int32(number)), count: salus_asset_size(Int32(number))))
        hash = fnv1a(bytes)
    }

    /// The stylesheet.
    package static let stylesheet = Asset(number: 0, name: "app.css", mediaType: "text/css; charset=utf-8")
    /// The mark, for browser tabs.
    package static let favicon = Asset(number: 1, name: "favicon.svg", mediaType: "image/svg+xml")
    /// Shows copy buttons.
    package static let copyScript = Asset(number: 2, name: "copy.js", mediaType: "text/javascript; charset=utf-8")
    /// Finds and sorts in tables.
    package static let tableScript = Asset(number: 3, name: "table.js", mediaType: "text/javascript; charset=utf-8")
    /// Opens the list of places by Ctrl-K.
    package static let paletteScript = Asset(number: 4, name: "palette.js", mediaType: "text/javascript; charset=utf-8")

    /// All of them.
    package static let all = [stylesheet, favicon, copyScript, tableScript, paletteScript]

    /// How many files are compiled in; a test compares it with ``all``.
    static var embeddedCount: Int { Int(salus_asset_count()) }

    /// The asset of a hashed name, nil when there is none: an old page asks for an old version.
    package static func named(_ hashedName: String) -> Asset? {
        all.first { Array($0.hashedName.utf8) == Array(hashedName.utf8) }
    }
}

/// FNV-1a, 64 bit, as 16 hexadecimal digits (draft-eastlake-fnv).
func fnv1a(_ bytes: [UInt8]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}
