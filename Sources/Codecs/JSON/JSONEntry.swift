// SPDX-License-Identifier: Apache-2.0

/// One value or member name on the flat tape of a document: 16 bytes.
///
/// The children of a container follow it directly; in an object names and values alternate.
struct JSONEntry: Sendable {
    /// The first byte of the value in the source.
    let start: UInt32
    /// The byte after the value.
    var end: UInt32
    /// The tape position after the value and all that is inside it.
    var next: UInt32
    let kind: JSONNode.Kind
    /// Whether a string holds escape sequences.
    let escaped: Bool
    /// Whether a string is a member's name.
    let isName: Bool

    var range: Range<Int> {
        Int(start)..<Int(end)
    }

    /// A string's bytes without its quotation marks.
    var content: Range<Int> {
        Int(start) + 1..<Int(end) - 1
    }
}
