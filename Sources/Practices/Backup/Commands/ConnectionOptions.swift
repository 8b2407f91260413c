// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Foundation

/// How a repository on another machine is reached.
struct ConnectionOptions: ParsableArguments {
    @Option(
        name: .customLong("cacert"),
        help: "A file of certificates that are trusted instead of the system's; or set RESTIC_CACERT.",
        completion: .file())
    var authorities: String?

    @Option(
        name: [.customShort("o"), .customLong("option")],
        help: """
            A setting as `name=value`: sftp.command (the program that connects, instead of ssh), sftp.args (more \
            arguments for ssh), s3.region, s3.bucket-lookup (path or dns). May be given several times.
            """)
    var settings: [String] = []

    @Option(help: "The most KiB a second that are sent to another machine.")
    var limitUpload: Int?

    @Option(help: "The most KiB a second that are fetched from another machine.")
    var limitDownload: Int?

    /// Where a repository is.
    ///
    /// - Parameter text: its address, as restic takes it.
    func place(at text: String) throws -> any Place {
        let address: PlaceAddress
        do {
            address = try PlaceAddress(text)
        } catch {
            throw ValidationError(TerminalText.harmless("\(error)"))
        }
        let settings = try PlaceSettings(settings)
        let bandwidth = Bandwidth(upload: limitUpload, download: limitDownload)
        let notice: @Sendable (String) -> Void = { Terminal.complain("salus: \(TerminalText.harmless($0))") }
        switch address {
        case .folder(let path): return LocalPlace(path)
        case .rest(let address):
            return RetryingPlace(
                RestPlace(address, Self.restCredentials, try exchange(bandwidth)), notice: notice)
        case .sftp(let address):
            let setup = SFTPChannel.Setup(command: try settings.command(for: address), notice: notice)
            return RetryingPlace(
                SFTPPlace(address.name, folder: address.path, setup, bandwidth), notice: notice)
        case .s3(let address):
            let region = settings["s3.region"] ?? Self.environment("AWS_DEFAULT_REGION")
            let place = S3Place(
                address, try Self.bucketCredentials(), region: region, isNamed: try settings.namesBucket(),
                try exchange(bandwidth))
            return RetryingPlace(place, notice: notice)
        }
    }

    private func exchange(_ bandwidth: Bandwidth) throws -> HTTPExchange {
        let file = authorities ?? Self.environment("RESTIC_CACERT")
        if let file, !FileManager.default.isReadableFile(atPath: file) {
            throw ValidationError("The file \(TerminalText.harmless(file)) cannot be read.")
        }
        return HTTPExchange(trusting: file, bandwidth)
    }

    private static var restCredentials: WebCredentials? {
        let (user, password) = (environment("RESTIC_REST_USERNAME"), environment("RESTIC_REST_PASSWORD"))
        return user == nil && password == nil ? nil : WebCredentials(user: user ?? "", password: password ?? "")
    }

    private static func bucketCredentials() throws -> S3Credentials {
        guard let key = environment("AWS_ACCESS_KEY_ID"), let secret = environment("AWS_SECRET_ACCESS_KEY") else {
            throw ValidationError("Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
        }
        return S3Credentials(keyID: key, secret: secret, token: environment("AWS_SESSION_TOKEN"))
    }

    static func environment(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// Settings that are given as `-o name=value`.
struct PlaceSettings {
    private let values: [String: String]
    private static let known = ["sftp.command", "sftp.args", "s3.region", "s3.bucket-lookup"]

    /// - Throws: `ValidationError` for what is no setting.
    init(_ texts: [String]) throws {
        var values: [String: String] = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, Self.known.contains(parts[0]) else {
                throw ValidationError(
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
                throw ValidationError("Give either sftp.command or sftp.args.")
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
        default: throw ValidationError("s3.bucket-lookup is auto, path or dns.")
        }
    }

    private func words(_ text: String, of name: String) throws -> [String] {
        guard let words = ShellWords.split(text) else {
            throw ValidationError("\(name) holds no words, or a quotation without an end.")
        }
        return words
    }
}
