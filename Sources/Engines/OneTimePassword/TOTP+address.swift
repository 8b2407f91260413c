// SPDX-License-Identifier: Apache-2.0

extension TOTP {
    /// The `otpauth://totp/` address that authenticator applications take from a QR code. It contains the secret.
    ///
    /// Both names appear in the application's list: the institution and the person's account.
    /// - Throws: `label`.
    public func address(issuer: String, account: String) throws(OneTimePasswordError) -> String {
        guard isLabel(issuer), isLabel(account) else { throw .label }
        let label = "\(percentEncoded(issuer)):\(percentEncoded(account))"
        let parameters = [
            "secret=\(secret.base32)", "issuer=\(percentEncoded(issuer))", "algorithm=\(algorithm.rawValue)",
            "digits=\(digits)", "period=\(period)",
        ]
        return "otpauth://totp/\(label)?" + parameters.joined(separator: "&")
    }

    private func isLabel(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 200 && !name.unicodeScalars.contains(where: isRefused)
    }

    /// A colon would move the border between issuer and account; control characters have no place on a phone's screen.
    private func isRefused(_ scalar: Unicode.Scalar) -> Bool {
        scalar == ":" || scalar.properties.generalCategory == .control
    }

    /// Everything but RFC 3986's unreserved characters as %XX of its UTF-8 bytes, a space as %20: some applications
    /// show a plus sign as it stands.
    private func percentEncoded(_ text: String) -> String {
        var encoded: [UInt8] = []
        let hexadecimal = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            if isUnreserved(byte) {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
