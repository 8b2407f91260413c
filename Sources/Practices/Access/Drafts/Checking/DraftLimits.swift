// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// How much a text of rules may be that comes from a browser: far more than a clinic writes, far less than would keep
/// the machine busy.
enum DraftLimits {
    /// The largest text in bytes.
    static let bytes = 256 << 10
    /// The longest note in bytes.
    static let noteBytes = 4 << 10
    /// The largest form with such a text in it, every byte of it escaped.
    static let formBytes = 3 * (bytes + noteBytes) + 4_096
    /// Of the text's syntax.
    static let syntax = SyntaxLimits(bytes: bytes, nesting: 32, height: 200)
    /// Of checking it against the schema.
    static let validation = ValidationLimits(steps: 5_000_000)
}
