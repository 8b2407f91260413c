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
        do {
            return try connection.place(at: text) { Terminal.complain("salus: \(TerminalText.harmless($0))") }
        } catch let error where error is PlaceAddressError || error is PlaceConnectionError {
            throw ValidationError(TerminalText.harmless("\(error)"))
        }
    }

    /// What was said on the command line and in the environment.
    var connection: PlaceConnection {
        var connection = PlaceConnection()
        connection.authorities = authorities ?? Self.environment("RESTIC_CACERT")
        connection.settings = settings
        (connection.upload, connection.download) = (limitUpload, limitDownload)
        connection.restUser = Self.environment("RESTIC_REST_USERNAME")
        connection.restPassword = Self.environment("RESTIC_REST_PASSWORD")
        connection.bucketKey = Self.environment("AWS_ACCESS_KEY_ID")
        connection.bucketSecret = Self.environment("AWS_SECRET_ACCESS_KEY")
        connection.bucketToken = Self.environment("AWS_SESSION_TOKEN")
        connection.region = Self.environment("AWS_DEFAULT_REGION")
        return connection
    }

    static func environment(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
