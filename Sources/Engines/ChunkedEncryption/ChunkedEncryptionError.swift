// SPDX-License-Identifier: Apache-2.0

/// Why a message could not be sealed or opened. Nothing in it depends on the content.
public enum ChunkedEncryptionError: Error, Equatable, Sendable {
    /// The input key is not exactly 32 bytes long.
    case inputKeyLength
    /// The salt is not exactly 24 bytes long.
    case saltLength
    /// The commitment in the header does not belong to this key, salt and context: try the right key or context.
    case wrongKeyOrContext
    /// The ciphertext ends too early, or has a length that no message has.
    case truncated
    /// A chunk does not authenticate: it was changed, moved, or is of another message.
    case damaged
    /// The message would need 2^38 chunks or more (4 PiB).
    case messageTooLong
    /// The asked range is not inside the message.
    case rangeOutsideMessage
    /// The stream was finished before: start a new one.
    case streamFinished
    /// AES-GCM itself refused to work: nothing was sealed.
    case cipherUnavailable
}
