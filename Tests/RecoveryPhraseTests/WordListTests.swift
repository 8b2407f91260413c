// SPDX-License-Identifier: Apache-2.0

import Crypto
import RecoveryPhrase
import Testing

/// The list is the one of BIP-39, and a mistyped word leads to the one that was meant.
@Suite struct WordListTests {
    @Test func theListIsComplete() {
        #expect(WordList.words.count == 2_048)
        #expect(WordList.words.first == "abandon" && WordList.words.last == "zoo")
        #expect(zip(WordList.letters, WordList.letters.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
        #expect(Set(WordList.letters.map { $0.prefix(4) }).count == 2_048)
        #expect(WordList.letters.joined().allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) })
    }

    /// SHA-256 of the list as it is published: a word a line.
    @Test func theListIsThePublishedOne() {
        let text = WordList.words.map { $0 + "\n" }.joined()
        let expected = "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"
        let hash = SHA256.hash(data: Array(text.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        #expect(hash.joined() == expected)
    }

    @Test func everyWordAndPrefixIsFound() {
        for (number, letters) in WordList.letters.enumerated() {
            #expect(WordList.number(of: letters) == number)
            for count in 4..<max(5, letters.count) {
                #expect(WordList.number(of: Array(letters.prefix(count))) == number)
            }
            #expect(WordList.number(of: letters + [UInt8(ascii: "q")]) == nil)
        }
    }

    @Test(arguments: ["", "a", "zo", "aba", "zzz", "zoom", "äpfel", "abandonn", "ab andon"])
    func otherLettersAreNoWord(typed: String) {
        #expect(WordList.number(of: Array(typed.utf8)) == nil)
    }

    @Test(arguments: [
        ("abanodn", "abandon"), ("acoustik", "acoustic"), ("zooo", "zoo"), ("wrogn", "wrong"), ("leter", "letter"),
        ("xletter", "letter"),
    ])
    func theWordThatWasMeantIsOffered(typed: String, meant: String) {
        #expect(WordList.nearest(to: Array(typed.utf8)).contains(meant))
    }

    @Test func farTextHasNoNeighbours() {
        #expect(WordList.nearest(to: Array("qqqqqqqq".utf8)) == [])
        #expect(WordList.nearest(to: [UInt8](repeating: 97, count: 100_000)) == [])
    }

    @Test func theErrorNamesThePlaceAndItsTextNoWord() throws {
        var words = try RecoveryWords.encode([UInt8](repeating: 0, count: 32))
        words[16] = "abanodn"
        let error = try #require(throws: RecoveryPhraseError.self) {
            try RecoveryWords.decode(words.joined(separator: " "))
        }
        #expect(error == .unknownWord(position: 17, nearest: ["abandon"]))
        var dumped = ""
        dump(error, to: &dumped)
        #expect(!"\(error) \(String(reflecting: error)) \(dumped)".contains("aban"))
    }
}
