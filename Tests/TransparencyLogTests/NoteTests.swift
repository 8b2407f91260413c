// SPDX-License-Identifier: Apache-2.0
import Crypto
import Testing
import TransparencyLog

/// Keys made from fixed seeds, and a small signed log.
struct SampleKeys {
    static let origin = "log.example/ward-7"

    static func key(_ seed: UInt8) throws -> Curve25519.Signing.PrivateKey {
        try Curve25519.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: seed, count: 32))
    }

    static func signer(_ name: String = origin, seed: UInt8 = 1) throws -> Ed25519Signer {
        try Ed25519Signer(name: KeyName(name), key: key(seed))
    }

    static func witness(_ name: String, seed: UInt8, time: UInt64 = 1_700_000_000) throws -> Cosigner {
        try Cosigner(name: KeyName(name), key: key(seed), time: time)
    }
}

@Suite struct NoteTests {
    static let vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    static let example = """
        This is an example message.

        — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

        """
    static let line = "— a.example AAAAAAAA\n"

    @Test func exampleOfTheSpecification() throws {
        let key = try VerifierKey(vkey: Self.vkey)
        #expect(key.vkey == Self.vkey)
        #expect(key.id == 0x530d_903a)
        let note = try SignedNote(bytes: Array(Self.example.utf8))
        #expect(note.bytes == Array(Self.example.utf8))
        #expect(note.text == Array("This is an example message.\n".utf8))
        #expect(try note.verify([key]).map(\.key) == [key])
    }

    @Test func everyFlippedBitIsRefused() throws {
        let key = try VerifierKey(vkey: Self.vkey)
        let bytes = Array(Self.example.utf8)
        for position in bytes.indices {
            for bit in 0..<8 {
                var altered = bytes
                altered[position] ^= 1 << UInt8(bit)
                #expect(throws: NoteError.self) { try SignedNote(bytes: altered).verify([key]) }
            }
            #expect(throws: NoteError.self) { try SignedNote(bytes: Array(bytes[..<position])) }
        }
    }

    @Test(arguments: [
        ("", NoteError.badLayout), ("\n", .badLayout), ("text\n", .badLayout), ("text\n\n", .badLayout),
        ("text\n\(line)", .badLayout), ("text\n\n\(line.dropLast())", .badLayout),
        ("text\n\n\(line)\n", .badSignatureLine(1)),
        ("text\n\n\(line)x\n", .badSignatureLine(1)), ("text\n\n- a AAAAAAAA\n", .badSignatureLine(0)),
        ("text\n\n—  a AAAAAAAA\n", .badSignatureLine(0)), ("text\n\n— a  AAAAAAAA\n", .badSignatureLine(0)),
        ("text\n\n— a AAAAAAAA \n", .badSignatureLine(0)), ("text\n\n— a AAAA\n", .badSignatureLine(0)),
        ("text\n\n— a AAAAAA==\n", .badSignatureLine(0)), ("text\n\n— a AAAAAA=\n", .badSignatureLine(0)),
        ("text\n\n— a+b AAAAAAAA\n", .badSignatureLine(0)), ("text\n\n— a\u{a0}b AAAAAAAA\n", .badSignatureLine(0)),
        ("text\n\n— a\u{2003} AAAAAAAA\n", .badSignatureLine(0)), ("text\n\n—  AAAAAAAA\n", .badSignatureLine(0)),
        ("te\txt\n\n\(line)", .controlCharacter), ("text\r\n\r\n\(line)", .controlCharacter),
        ("te\0xt\n\n\(line)", .controlCharacter), ("text\n\n— a AAAAAAB=\n", .badSignatureLine(0)),
    ])
    func refuses(text: String, error: NoteError) {
        #expect(throws: error) { try SignedNote(bytes: Array(text.utf8)) }
    }

    @Test func divisionAndLimits() throws {
        let note = try SignedNote(bytes: Array("a\n\nb\n\n\n\(Self.line)".utf8))
        #expect(note.text == Array("a\n\nb\n\n".utf8))
        #expect(throws: NoteError.notUTF8) { try SignedNote(bytes: [0xc3, 0x28, 10, 10] + Array(Self.line.utf8)) }
        let many = { (count: Int) in Array(("text\n\n" + String(repeating: Self.line, count: count)).utf8) }
        #expect(try SignedNote(bytes: many(32)).signatures.count == 32)
        #expect(throws: NoteError.tooLarge) { try SignedNote(bytes: many(33)) }
        let long = { (count: Int) in Array((String(repeating: "x", count: count) + "\n\n" + Self.line).utf8) }
        #expect(try SignedNote(bytes: long(16_383)).text.count == 16_384)
        #expect(throws: NoteError.tooLarge) { try SignedNote(bytes: long(16_384)) }
        #expect(throws: NoteError.tooLarge) { try SignedNote(bytes: many(40_000)) }
    }

    @Test func unknownKeysAreIgnoredAndKnownBadOnesRejectAll() throws {
        let text = Array("text\n".utf8)
        let first = try SampleKeys.signer("one.example", seed: 1)
        let second = try SampleKeys.signer("two.example", seed: 2)
        let note = try SignedNote(text: text, signers: [first, second])
        #expect(try note.verify([first.verifier]).map(\.key) == [first.verifier])
        #expect(try note.verify([second.verifier, first.verifier]).map(\.key) == [first.verifier, second.verifier])
        let renamed = try SampleKeys.signer("three.example", seed: 1)
        #expect(throws: NoteError.noKnownSignature) { try note.verify([renamed.verifier]) }
        #expect(throws: NoteError.noKnownSignature) { try note.verify([]) }

        let other = try SignedNote(text: Array("other\n".utf8), signers: [second])
        let good = String(decoding: note.bytes, as: UTF8.self).split(separator: "\n")[1]
        let bad = String(decoding: other.bytes, as: UTF8.self).split(separator: "\n")[1]
        let mixed = try SignedNote(bytes: Array("text\n\n\(good)\n\(bad)\n".utf8))
        #expect(throws: NoteError.badSignature(by: second.verifier.name)) {
            try mixed.verify([first.verifier, second.verifier])
        }
        #expect(try mixed.verify([first.verifier]).count == 1)
        let twice = try SignedNote(bytes: Array("text\n\n\(good)\n\(good)\n".utf8))
        #expect(try twice.verify([first.verifier]).count == 1)
    }

    @Test func signingIsBounded() throws {
        let signer = try SampleKeys.signer()
        var note = try SignedNote(text: [10], signers: Array(repeating: signer, count: 32))
        #expect(try SignedNote(bytes: note.bytes) == note)
        #expect(throws: NoteError.tooLarge) { try note.sign(by: signer) }
        #expect(throws: NoteError.badLayout) { try SignedNote(text: Array("x".utf8), signers: [signer]) }
        #expect(throws: NoteError.badLayout) { try SignedNote(text: [], signers: [signer]) }
        #expect(throws: NoteError.badLayout) { try SignedNote(text: [10], signers: []) }
    }
}

@Suite struct VerifierKeyTests {
    @Test(arguments: [
        ("", NoteError.badVerifierKey), ("a", .badVerifierKey), ("a+530d903a", .badVerifierKey),
        ("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .badVerifierKey),
        ("example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .badVerifierKey),
        ("example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .badVerifierKey),
        ("example.com/foo+30d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .badVerifierKey),
        ("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2", .badVerifierKey),
        ("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==", .badVerifierKey),
        ("example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .unknownKeyType(2)),
        ("example.com/foo+530d903a+", .badVerifierKey), ("+530d903a+AekyeRrm", .badKeyName),
        ("a b+530d903a+AekyeRrm", .badKeyName),
    ])
    func refuses(text: String, error: NoteError) {
        #expect(throws: error) { try VerifierKey(vkey: text) }
    }

    @Test func keysWithPlusInTheirBase64RoundTrip() throws {
        var withPlus = 0
        for seed in 1...120 as ClosedRange<UInt8> {
            let key = try SampleKeys.signer(seed: seed).verifier
            #expect(try VerifierKey(vkey: key.vkey) == key)
            if key.vkey.utf8.count(where: { $0 == UInt8(ascii: "+") }) > 2 { withPlus += 1 }
        }
        #expect(withPlus > 0)
    }

    @Test func namesCompareAsBytes() throws {
        #expect(try KeyName("caf\u{e9}") != KeyName("cafe\u{301}"))
        for name in ["", "a b", "a+b", "a\u{3000}b", "a\nb", "a\u{85}b", "\u{7}"] {
            #expect(throws: NoteError.badKeyName) { try KeyName(name) }
        }
    }
}
