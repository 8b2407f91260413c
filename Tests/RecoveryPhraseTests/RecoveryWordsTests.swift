// SPDX-License-Identifier: Apache-2.0

import RecoveryPhrase
import Testing

/// Keys become the phrases that others make of them, and come back however a person types them.
@Suite struct RecoveryWordsTests {
    @Test(arguments: Phrases.official + Phrases.ofAnotherProgram)
    func aKeyAndItsPhrase(hex: String, phrase: String) throws {
        let key = try bytes(hex: hex)
        #expect(try RecoveryWords.encode(key).joined(separator: " ") == phrase)
        #expect(try RecoveryWords.decode(phrase) == key)
    }

    @Test(arguments: Phrases.ofAnotherProgram)
    func fourLettersAnyCaseAndAnySpaceAreEnough(hex: String, phrase: String) throws {
        let short = phrase.split(separator: " ").map { $0.prefix(4) }
        let key = try bytes(hex: hex)
        #expect(try RecoveryWords.decode(short.joined(separator: "\r\n")) == key)
        #expect(try RecoveryWords.decode(phrase.uppercased()) == key)
        #expect(try RecoveryWords.decode("\n\t " + short.joined(separator: " \u{A0}\u{3000}") + "\u{2028}") == key)
    }

    @Test(arguments: [0, 31, 33])
    func otherLengthsAreNoKey(count: Int) {
        #expect(throws: RecoveryPhraseError.keyLength) {
            try RecoveryWords.encode([UInt8](repeating: 0, count: count))
        }
    }

    @Test func aPhraseHas24Words() throws {
        let words = try RecoveryWords.encode([UInt8](repeating: 7, count: 32))
        #expect(throws: RecoveryPhraseError.wordCount(0)) { try RecoveryWords.decode(" \n") }
        #expect(throws: RecoveryPhraseError.wordCount(23)) {
            try RecoveryWords.decode(words.dropLast().joined(separator: " "))
        }
        #expect(throws: RecoveryPhraseError.wordCount(25)) {
            try RecoveryWords.decode((words + ["zoo"]).joined(separator: " "))
        }
    }

    @Test func nearlyEveryWrongWordOrSwapIsNoticed() throws {
        let words = try RecoveryWords.encode(Array(0..<32))
        var unnoticed = 0
        for place in 0..<24 {
            for other in WordList.words where other != words[place] {
                var changed = words
                changed[place] = other
                do {
                    _ = try RecoveryWords.decode(changed.joined(separator: " "))
                    unnoticed += 1
                } catch {
                    #expect(error == .wrongChecksum)
                }
            }
        }
        // 24 × 2047 changes, of which one in 256 has the right checksum by chance.
        #expect((100...300).contains(unnoticed))
    }

    private func bytes(hex: String) throws -> [UInt8] {
        let digits = try hex.map { try #require($0.hexDigitValue) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
