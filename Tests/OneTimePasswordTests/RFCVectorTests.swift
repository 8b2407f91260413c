// SPDX-License-Identifier: Apache-2.0

import OneTimePassword
import Testing

/// The tables in the appendices of the standards.
@Suite struct RFCVectorTests {
    /// RFC 4226, appendix D.
    @Test(
        arguments: zip(
            UInt64(0)..<10,
            [
                "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
            ]))
    func hotp(counter: UInt64, expected: String) throws {
        let secret = try OneTimeSecret(Array("12345678901234567890".utf8))
        #expect(OneTimeCode.hotp(secret: secret, counter: counter).text == expected)
    }

    /// RFC 6238, appendix B: seconds and the codes of the three algorithms.
    @Test(
        arguments: [
            (59, "94287082", "46119246", "90693936"),
            (1_111_111_109, "07081804", "68084774", "25091201"),
            (1_111_111_111, "14050471", "67062674", "99943326"),
            (1_234_567_890, "89005924", "91819424", "93441116"),
            (2_000_000_000, "69279037", "90698825", "38618901"),
            (20_000_000_000, "65353130", "77737706", "47863826"),
        ] as [(Int64, String, String, String)])
    func totp(seconds: Int64, sha1: String, sha256: String, sha512: String) throws {
        for (algorithm, length, expected) in [
            (OneTimeAlgorithm.sha1, 20, sha1), (.sha256, 32, sha256), (.sha512, 64, sha512),
        ] {
            let digits = Array("1234567890".utf8)
            let secret = try OneTimeSecret((0..<length).map { digits[$0 % 10] })
            let totp = try TOTP(secret: secret, digits: 8, algorithm: algorithm)
            let step = try #require(totp.step(at: seconds))
            #expect(totp.code(forStep: step)?.text == expected)
            #expect(totp.matchingStep(code: expected, at: seconds) == step)
        }
    }

    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "MY======"), ("fo", "MZXQ===="), ("foo", "MZXW6==="), ("foob", "MZXW6YQ="),
        ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI======"),
    ])
    func base32(plain: String, encoded: String) throws {
        let bytes = Array(plain.utf8)
        let bare = encoded.filter { $0 != "=" }
        #expect(Base32.encode(bytes, padded: true) == encoded)
        #expect(Base32.encode(bytes) == bare)
        #expect(try Base32.decode(encoded) == bytes)
        #expect(try Base32.decode(bare) == bytes)
    }
}
