// SPDX-License-Identifier: Apache-2.0

/// Why a text is not a recovery phrase. The description may be logged: it never repeats a word.
public enum RecoveryPhraseError: Error, Equatable, Sendable {
    /// A key has 32 bytes.
    case keyLength
    /// A phrase has 24 words.
    case wordCount(Int)
    /// The word at `position`, counted from 1, is not in the list. `nearest` are up to three words to offer to the
    /// person who types, best first: they are part of the secret, so show them and do not log them.
    case unknownWord(position: Int, nearest: [String])
    /// All words are known, but together they cannot be a phrase.
    case wrongChecksum
}

extension RecoveryPhraseError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What to tell the person who types, without any word of the phrase.
    public var description: String {
        switch self {
        case .keyLength: "a root key has 32 bytes"
        case .wordCount(let count): "a recovery phrase has 24 words, these are \(count)"
        case .unknownWord(let position, _): "word \(position) is not in the list of words"
        case .wrongChecksum: "a word is wrong or in the wrong place"
        }
    }

    /// The same as `description`.
    public var debugDescription: String { description }
    /// Shows no parts: `nearest` is part of the secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
