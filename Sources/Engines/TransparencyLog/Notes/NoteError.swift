// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a note, a key or a checkpoint.
public enum NoteError: Error, Hashable, Sendable {
    /// The note is larger than this reader accepts: 16 KiB of text, 32 signatures.
    case tooLarge
    /// The bytes are no UTF-8.
    case notUTF8
    /// There is a control character other than newline.
    case controlCharacter
    /// The text does not end in a newline, or no empty line divides it from signature lines.
    case badLayout
    /// A signature line is malformed; counted from 0.
    case badSignatureLine(Int)
    /// A key name is empty or has a space, a plus or a control character.
    case badKeyName
    /// The text is no verifier key, or its key ID is not that of its key.
    case badVerifierKey
    /// The key is of a type that this reader does not know.
    case unknownKeyType(UInt8)
    /// A signature of a known key is wrong: the whole note is rejected.
    case badSignature(by: KeyName)
    /// No known key signed the note.
    case noKnownSignature
    /// The text is no checkpoint.
    case badCheckpoint
    /// None of the signatures is by a log key with the checkpoint's origin as its name.
    case notSignedByLog
}
