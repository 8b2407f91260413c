// SPDX-License-Identifier: Apache-2.0

import Crypto

/// Turns a 32-byte root key into 24 words for paper, and back: 256 bits and the first 8 bits of their SHA-256, 11
/// bits a word (the scheme of BIP-39; the key itself is written down, no seed is derived from the words).
public enum RecoveryWords {
    /// Bytes of a key.
    public static let keyByteCount = 32
    /// Words of a phrase.
    public static let wordCount = 24

    /// The 24 words of a key, in their order.
    /// - Throws: `keyLength` unless there are 32 bytes.
    public static func encode(_ key: [UInt8]) throws(RecoveryPhraseError) -> [String] {
        guard key.count == keyByteCount else { throw .keyLength }
        var words: [String] = []
        words.reserveCapacity(wordCount)
        var buffer: UInt32 = 0
        var bits = 0
        for byte in key + [checksum(of: key)] {
            buffer = (buffer << 8 | UInt32(byte)) & 0x7FFFF
            bits += 8
            guard bits >= 11 else { continue }
            bits -= 11
            words.append(WordList.words[Int(buffer >> UInt32(bits)) & 0x7FF])
        }
        return words
    }

    /// The key that a phrase stands for. Upper and lower case are the same, any white space separates words, and four
    /// letters are enough for a word.
    /// - Throws: `wordCount`, `unknownWord`, `wrongChecksum`.
    public static func decode(_ text: String) throws(RecoveryPhraseError) -> [UInt8] {
        let words = text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace)
        guard words.count == wordCount else { throw .wordCount(words.count) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(keyByteCount + 1)
        var buffer: UInt32 = 0
        var bits = 0
        for (position, word) in words.enumerated() {
            let typed = lowercased(String(word).utf8)
            guard let number = WordList.number(of: typed) else {
                throw .unknownWord(position: position + 1, nearest: WordList.nearest(to: typed))
            }
            buffer = (buffer << 11 | UInt32(number)) & 0x7FFFF
            bits += 11
            while bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        let key = Array(bytes.prefix(keyByteCount))
        guard bytes.last == checksum(of: key) else { throw .wrongChecksum }
        return key
    }

    private static func checksum(of key: [UInt8]) -> UInt8 {
        SHA256.hash(data: key).first { _ in true } ?? 0
    }

    private static func lowercased(_ letters: some Sequence<UInt8>) -> [UInt8] {
        letters.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }
}
