// SPDX-License-Identifier: Apache-2.0

import OneTimePassword
import Testing

/// Secrets, their text form, and the address in the QR code.
@Suite struct EnrolmentTests {
    private static let secret = Array("12345678901234567890".utf8)

    @Test func theAddressNamesEverything() throws {
        let totp = try TOTP(secret: OneTimeSecret(Self.secret))
        let address = try totp.address(issuer: "Klinik am See", account: "müller+a/b@klinik.example")
        #expect(
            address == "otpauth://totp/Klinik%20am%20See:m%C3%BCller%2Ba%2Fb%40klinik.example"
                + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Klinik%20am%20See&algorithm=SHA1&digits=6&period=30")
    }

    @Test(arguments: ["", "a:b", "a\u{0}b", "a\r\nb", String(repeating: "x", count: 201)])
    func namesThatWouldBreakTheLabelAreRefused(name: String) throws {
        let totp = try TOTP(secret: OneTimeSecret(Self.secret))
        #expect(throws: OneTimePasswordError.label) { try totp.address(issuer: name, account: "a") }
        #expect(throws: OneTimePasswordError.label) { try totp.address(issuer: "a", account: name) }
    }

    @Test(arguments: [
        ("my", 0), ("M", 0), ("MZX", 2), ("MZXW6Y", 5), ("MZ", 1), ("MY=", 2), ("MY=====", 2), ("MY=====A", 2),
        ("========", 0), ("MZXW6YTB========", 8), ("MZXW 6YTB", 4), ("M1======", 1), ("MÄ", 1),
    ])
    func textThatIsNoBase32(text: String, offset: Int) {
        #expect(throws: OneTimePasswordError.base32(offset: offset)) { try Base32.decode(text) }
    }

    @Test func everyLengthOfSecretSurvivesItsText() throws {
        for count in 16...128 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            #expect(try OneTimeSecret(base32: OneTimeSecret(bytes).base32).bytes == bytes)
        }
    }

    @Test func weakParametersAreRefused() throws {
        #expect(throws: OneTimePasswordError.secretLength) { try OneTimeSecret(Array(0..<15)) }
        #expect(throws: OneTimePasswordError.secretLength) { try OneTimeSecret([UInt8](repeating: 0, count: 129)) }
        let secret = try OneTimeSecret(Self.secret)
        #expect(throws: OneTimePasswordError.digitCount) { try TOTP(secret: secret, digits: 5) }
        #expect(throws: OneTimePasswordError.digitCount) { try TOTP(secret: secret, digits: 9) }
        #expect(throws: OneTimePasswordError.period) { try TOTP(secret: secret, period: 0) }
    }

    @Test func aSecretIsRandomAndDoesNotPrintItself() throws {
        var generator = SystemRandomNumberGenerator()
        let secret = OneTimeSecret(using: &generator)
        #expect(secret.bytes.count == 20 && secret.bytes != OneTimeSecret(using: &generator).bytes)
        var dumped = ""
        dump(try TOTP(secret: secret), to: &dumped)
        #expect(dumped.contains("redacted") && !dumped.contains("bytes"))
        #expect("\(secret)" == "OneTimeSecret(redacted)")
    }
}
