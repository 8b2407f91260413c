// SPDX-License-Identifier: Apache-2.0

import Codecs
import Crypto
import Foundation

/// Who asks an S3 server. None of it is ever printed.
struct S3Credentials: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let keyID: String
    let secret: String
    /// Of credentials that end after a while.
    var token: String?

    var description: String { "credentials" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}

/// Signs requests with AWS Signature Version 4 (AWS General Reference, "Signature Version 4 signing process").
struct AWSSignature: Sendable {
    let credentials: S3Credentials
    let region: String
    var service = "s3"

    /// A request as it is signed.
    struct Request {
        let method: String
        /// With its escapes, exactly as it is sent.
        let path: String
        /// Names and values without escapes.
        var query: [(String, String)] = []
        /// Names in lower case.
        var headers: [(String, String)]
        /// SHA-256 of the body, in hexadecimal digits.
        let bodyHash: String
    }

    /// The value of the header `Authorization`.
    ///
    /// - Parameter date: as `20150830T123600Z`, the same as in the header `x-amz-date`.
    func authorization(_ request: Request, date: String) -> String {
        let headers = request.headers.sorted { one, other in one.0 < other.0 }
        let names = headers.map { header in header.0 }.joined(separator: ";")
        let lines = headers.map { header in "\(header.0):\(Self.trimmed(header.1))\n" }.joined()
        let parts: [String] = [
            request.method, request.path, Self.query(request.query), lines, names, request.bodyHash,
        ]
        let canonical = parts.joined(separator: "\n")
        let day = String(date.prefix(8))
        let scope = "\(day)/\(region)/\(service)/aws4_request"
        let text = ["AWS4-HMAC-SHA256", date, scope, Hex.encode(SHA256.hash(data: Data(canonical.utf8)))]
            .joined(separator: "\n")
        let signature = Hex.encode(Self.code(text, with: key(day)))
        return
            "AWS4-HMAC-SHA256 Credential=\(credentials.keyID)/\(scope), SignedHeaders=\(names), Signature=\(signature)"
    }

    private func key(_ day: String) -> SymmetricKey {
        [day, region, service, "aws4_request"].reduce(SymmetricKey(data: Data("AWS4\(credentials.secret)".utf8))) {
            key, part in
            SymmetricKey(data: Self.code(part, with: key))
        }
    }

    private static func code(_ text: String, with key: SymmetricKey) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
    }

    /// A query as it is signed, and sent: escaped, and in the order of the escaped names and values.
    static func query(_ query: [(String, String)]) -> String {
        let parts: [(name: String, value: String)] = query.map { (escaped($0.0), escaped($0.1)) }
        let sorted = parts.sorted { one, other in (one.name, one.value) < (other.name, other.value) }
        return sorted.map { part in "\(part.name)=\(part.value)" }.joined(separator: "&")
    }

    /// Everything but the unreserved characters of RFC 3986 as `%XY`.
    static func escaped(_ text: String, keeping kept: String = "") -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            default:
                if kept.utf8.contains(byte) {
                    result.append(byte)
                } else {
                    result += Array("%\(Hex.encode([byte]).uppercased())".utf8)
                }
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Without space around it, and with one space for several.
    private static func trimmed(_ value: String) -> String {
        value.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }
}
