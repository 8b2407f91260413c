// SPDX-License-Identifier: Apache-2.0

import Building
import Foundation

/// How a place on another machine is reached, wherever that was said: on the command line, or in the register.
///
/// Holds secrets: it is stored only sealed, and has no description.
struct PlaceConnection: Sendable, Codable {
    /// A file of certificates that are trusted instead of the system's.
    var authorities: String?
    /// Settings as `name=value`.
    var settings: [String] = []
    /// The most KiB a second.
    var upload: Int?
    var download: Int?
    var restUser: String?
    var restPassword: String?
    var bucketKey: String?
    var bucketSecret: String?
    var bucketToken: String?
    var region: String?

    /// The place at an address as restic takes it.
    ///
    /// - Throws: `PlaceConnectionError`, `PlaceAddressError`.
    func place(at text: String, notice: @escaping @Sendable (String) -> Void) throws -> any Place {
        let settings = try PlaceSettings(settings)
        let bandwidth = Bandwidth(upload: upload, download: download)
        switch try PlaceAddress(text) {
        case .folder(let path): return LocalPlace(path)
        case .rest(let address):
            return RetryingPlace(RestPlace(address, restCredentials, try exchange(bandwidth)), notice: notice)
        case .sftp(let address):
            let setup = SFTPChannel.Setup(command: try settings.command(for: address), notice: notice)
            return RetryingPlace(SFTPPlace(address.name, folder: address.path, setup, bandwidth), notice: notice)
        case .s3(let address):
            let place = S3Place(
                address, try bucketCredentials(), region: settings["s3.region"] ?? region,
                isNamed: try settings.namesBucket(), try exchange(bandwidth))
            return RetryingPlace(place, notice: notice)
        }
    }

    private func exchange(_ bandwidth: Bandwidth) throws -> HTTPExchange {
        if let authorities, !FileManager.default.isReadableFile(atPath: authorities) {
            throw PlaceConnectionError("The file \(TerminalText.harmless(authorities)) cannot be read.")
        }
        return HTTPExchange(trusting: authorities, bandwidth)
    }

    private var restCredentials: WebCredentials? {
        restUser == nil && restPassword == nil
            ? nil : WebCredentials(user: restUser ?? "", password: restPassword ?? "")
    }

    private func bucketCredentials() throws -> S3Credentials {
        guard let bucketKey, let bucketSecret else {
            throw PlaceConnectionError("Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
        }
        return S3Credentials(keyID: bucketKey, secret: bucketSecret, token: bucketToken)
    }
}

/// Why a place cannot be reached as it was said.
struct PlaceConnectionError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Settings that are given as `-o name=value`.
struct PlaceSettings {
    private let values: [String: String]

    private static let known = ["sftp.command", "sftp.args", "s3.region", "s3.bucket-lookup"]

    /// - Throws: `PlaceConnectionError` for what is no setting.
    init(_ texts: [String]) throws {
        var values: [String: String] = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, Self.known.contains(parts[0]) else {
                throw PlaceConnectionError(
                    "`\(TerminalText.harmless(text))` is no setting: say name=value with one of "
                        + Self.known.joined(separator: ", ") + ".")
            }
            values[parts[0]] = parts[1]
        }
        self.values = values
    }

    subscript(name: String) -> String? { values[name] }

    /// The program that leads to a machine.
    func command(for address: SFTPAddress) throws -> [String] {
        if let text = values["sftp.command"] {
            guard values["sftp.args"] == nil else {
                throw PlaceConnectionError("Give either sftp.command or sftp.args.")
            }
            return try words(text, of: "sftp.command")
        }
        return address.command(try values["sftp.args"].map { try words($0, of: "sftp.args") } ?? [])
    }

    /// Whether the bucket is part of the server's name; nil where nothing is said.
    func namesBucket() throws -> Bool? {
        switch values["s3.bucket-lookup"] {
        case nil, "auto": return nil
        case "path": return false
        case "dns": return true
        default: throw PlaceConnectionError("s3.bucket-lookup is auto, path or dns.")
        }
    }

    private func words(_ text: String, of name: String) throws -> [String] {
        guard let words = ShellWords.split(text) else {
            throw PlaceConnectionError("\(name) holds no words, or a quotation without an end.")
        }
        return words
    }
}
