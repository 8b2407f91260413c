// SPDX-License-Identifier: Apache-2.0

import Codecs
import Testing

@testable import ResticFormat

struct SealerTests {
    /// Bernstein, "The Poly1305-AES message-authentication code", appendix B: message, r, k, nonce, tag.
    static let tags = [
        (
            "f3f6", "851fc40c3467ac0be05cc20404f3f700", "ec074c835580741701425b623235add6",
            "fb447350c4e868c52ac3275cf9d4327e", "f4c633c3044fc145f84f335cb81953de"
        ),
        (
            "", "a0f3080000f46400d0c7e9076c834403", "75deaa25c09f208e1dc4ce6b5cad3fbf",
            "61ee09218d29b0aaed7e154a2c5509cc", "dd3fab2251f11ac759f0887129cc2ee7"
        ),
        (
            "663cea190ffb83d89593f3f476b6bc24d7e679107ea26adb8caf6652d0656136", "48443d0bb0d21109c89a100b5ce2c208",
            "6acb5f61a7176dd320c5c1eb2edcdc74", "ae212a55399729595dea458bc621ff0e", "0ee1c16bb73f0f4fd19881753c01cdbe"
        ),
        (
            "ab0812724a7f1e342742cbed374d94d136c6b8795d45b3819830f2c04491faf0"
                + "990c62e48b8018b2c3e4a0fa3134cb67fa83e158c994d961c4cb21095c1bf9",
            "12976a08c4426d0ce8a82407c4f48207", "e1a5668a4d5b66a5f68cc5424ed5982d",
            "9ae831e743978d3a23527c7128149e3a", "5154ad0d2cb26e01274fc51148491f1b"
        ),
    ]

    @Test(arguments: tags)
    func tagsAreThoseOfThePaper(message: String, r: String, k: String, nonce: String, tag: String) throws {
        let key = try #require(MasterKey(bytes(String(repeating: "01", count: 32)) + bytes(k) + bytes(r)))
        let sealer = try Sealer(key)
        let parsed = Nonce(bytes(nonce).span)
        let found = try sealer.tag(of: bytes(message).span, try #require(parsed))
        #expect(found.indices.map { found[$0] } == bytes(tag))
    }

    @Test
    func resticsOwnCiphertextOpens() throws {
        let key = try #require(
            MasterKey(
                bytes("303e8687b1d7db18421bdc6bb8588ccadac4d59ee87b8ff70c44e635790cafef")
                    + bytes("ef4d8824cb80b2bcc5fbff8a9b12a42c") + bytes("cc8d4b948ee0ebfe1d415de921d10353")))
        let sealed = bytes(
            "69fb41c62d12def4593bd71757138606338f621aeaeb39da0fe4f99233f8037a54ea63338a813bcf3f75d8c3cc75dddf8750")
        #expect(try Sealer(key).open(sealed, part: .blob) == Array("Dies ist ein Test!".utf8))
    }

    @Test(arguments: [0, 1, 15, 16, 17, 1_000, 1 << 20])
    func whatWasSealedOpensAndEveryFlippedBitIsFound(count: Int) throws {
        var dice = SplitMix64(seed: UInt64(count))
        let sealer = try Sealer(MasterKey(using: &dice))
        let content = (0..<count).map { _ in UInt8.random(in: 0...255, using: &dice) }
        var sealed: [UInt8] = [7]
        try sealer.seal(content.span, using: &dice, into: &sealed)
        #expect(sealed.count == count + 1 + Sealer.overhead)
        sealed.removeFirst()
        #expect(try sealer.open(sealed, part: .blob) == content)
        for _ in 0..<min(200, sealed.count * 8) {
            let bit = Int.random(in: 0..<sealed.count * 8, using: &dice)
            sealed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: FormatError.unauthenticated(.blob)) { try sealer.open(sealed, part: .blob) }
            sealed[bit / 8] ^= 1 << UInt8(bit % 8)
        }
    }

    @Test
    func whatIsTooShortOrOfAnotherKeyIsRefused() throws {
        var dice = SplitMix64(seed: 5)
        let sealer = try Sealer(MasterKey(using: &dice))
        var sealed: [UInt8] = []
        try sealer.seal([1, 2, 3].span, using: &dice, into: &sealed)
        for count in 0..<Sealer.overhead {
            #expect(throws: FormatError.tooShort(.index)) { try sealer.open(Array(sealed.prefix(count)), part: .index) }
        }
        let other = try Sealer(MasterKey(using: &dice))
        #expect(throws: FormatError.unauthenticated(.index)) { try other.open(sealed, part: .index) }
        #expect(throws: FormatError.unauthenticated(.index)) {
            try sealer.open(Array(repeating: 0, count: 40), part: .index)
        }
    }

    @Test
    func noOneNonceServesTwice() throws {
        var dice = SplitMix64(seed: 6)
        let sealer = try Sealer(MasterKey(using: &dice))
        var (first, second): ([UInt8], [UInt8]) = ([], [])
        try sealer.seal([1, 2, 3].span, using: &dice, into: &first)
        try sealer.seal([1, 2, 3].span, using: &dice, into: &second)
        #expect(first != second)
    }

    @Test
    func keysAreNeverPrinted() throws {
        var dice = SplitMix64(seed: 7)
        let key = MasterKey(using: &dice)
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(text.contains("MasterKey(redacted)") && text.utf8.count < 30)
        }
        #expect(MasterKey(Array(repeating: UInt8(0), count: 64)) == nil)
        #expect(MasterKey(Array(repeating: UInt8(1), count: 63)) == nil)
    }
}

func bytes(_ hex: String) -> [UInt8] {
    Hex.decode(hex) ?? []
}

/// Random choices that come again with the same seed.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
