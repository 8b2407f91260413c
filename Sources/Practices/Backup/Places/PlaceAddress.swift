// SPDX-License-Identifier: Apache-2.0

/// Where a repository is, as people write it for restic.
enum PlaceAddress: Sendable {
    case folder(String)
    case rest(WebAddress)
    case sftp(SFTPAddress)
    case s3(S3Address)

    /// - Throws: `PlaceAddressError`.
    init(_ text: String) throws(PlaceAddressError) {
        let scheme = Self.schemes.first { text.utf8.starts(with: $0.utf8) }
        let rest = String(decoding: text.utf8.dropFirst(scheme?.utf8.count ?? 0), as: UTF8.self)
        switch scheme {
        case nil: self = .folder(text)
        case "local:": self = .folder(rest)
        case "rest:":
            guard let address = WebAddress(rest) else { throw .noWebAddress }
            self = .rest(address)
        case "sftp:": self = .sftp(try SFTPAddress(rest))
        case "s3:": self = .s3(try S3Address(rest))
        case .some(let scheme): throw .unsupported(scheme)
        }
    }

    private static let schemes = ["local:", "rest:", "sftp:", "s3:", "b2:", "azure:", "gs:", "swift:", "rclone:"]
}

/// Why an address leads nowhere. It does not repeat the address: that may hold a password.
enum PlaceAddressError: Error, Equatable, CustomStringConvertible {
    case noWebAddress
    case noSFTPAddress
    case noBucket
    case unsupported(String)

    var description: String {
        switch self {
        case .noWebAddress: "After `rest:` follows an address: rest:https://user:password@host:8000/path/"
        case .noSFTPAddress: "Repositories over SFTP are named sftp:user@host:/folder or sftp://user@host:port//folder"
        case .noBucket: "Repositories in buckets are named s3:https://host/bucket/folder or s3:host/bucket/folder"
        case .unsupported(let scheme): "Repositories at `\(scheme)` addresses are not supported."
        }
    }
}
