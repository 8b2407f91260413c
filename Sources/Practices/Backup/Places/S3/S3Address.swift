// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A bucket, and a folder in it.
struct S3Address: Sendable {
    /// The server, without the bucket.
    let server: WebAddress
    let bucket: String
    /// Where in the bucket, without slashes around it; may be empty.
    let prefix: String

    /// Reads what follows `s3:`.
    ///
    /// - Throws: `PlaceAddressError.noBucket`.
    init(_ text: String) throws(PlaceAddressError) {
        let (scheme, rest, isURL) = Self.split(text)
        let parts = rest.split(separator: "/", omittingEmptySubsequences: true)
        guard parts.count >= 2, let server = WebAddress("\(scheme)://\(parts[0])"), server.credentials == nil,
            Self.isBucket(parts[1].utf8), !parts.contains(".."), !parts.contains(".")
        else { throw .noBucket }
        self.server = server
        bucket = String(parts[1])
        let folder = parts.dropFirst(2).joined(separator: "/")
        // Only what is written as a URL has escapes.
        guard let prefix = isURL ? folder.removingPercentEncoding : folder else { throw .noBucket }
        self.prefix = prefix
    }

    private static func split(_ text: String) -> (scheme: String, rest: Substring, isURL: Bool) {
        for scheme in ["https", "http"] where text.utf8.starts(with: "\(scheme)://".utf8) {
            return (scheme, text.dropFirst(scheme.count + 3), true)
        }
        return ("https", text.utf8.starts(with: "//".utf8) ? text.dropFirst(2) : text[...], false)
    }

    /// Letters, digits, dots, hyphens and, in old buckets, underscores.
    private static func isBucket(_ name: Substring.UTF8View) -> Bool {
        name.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
