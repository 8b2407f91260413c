// SPDX-License-Identifier: Apache-2.0

/// Why no symbol was made.
public enum QRCodeError: Error, Equatable, Sendable {
    /// The content does not fit into version 20 at this correction level; `limit` bytes would.
    case contentTooLong(limit: Int)
}
