// SPDX-License-Identifier: Apache-2.0

import Building
import Foundation
import Kernel

/// Has the system's restic check a repository: a second program that shares no line with ours.
struct PeerCheck: Sendable {
    let address: String
    let secrets: RepositorySecrets
    let readsData: Bool

    struct Answer: Sendable {
        /// `restic 0.14.0`; nil where it is not installed.
        var version: String?
        var verdict = CheckRecord.PeerVerdict.none
        /// The end of what it said.
        var words = ""
    }

    /// How long it may take.
    private static let limit = Duration.hours(12)

    /// Asks it, on threads that may wait.
    func run() -> Answer {
        guard let version = Self.said(["restic", "version"], [:], within: .seconds(30)), version.status == 0 else {
            return Answer()
        }
        var answer = Answer(version: Self.name(version.text))
        let command = ["restic", "check", "--no-cache"] + options + (readsData ? ["--read-data"] : [])
        guard let check = Self.said(command, environment, within: Self.limit) else {
            answer.verdict = .unfinished
            return answer
        }
        // Old versions exit with 1 whatever it was; only their words tell.
        let isHindered = ["already locked", "unable to create lock", "unable to open config file", "dial tcp"].contains
        {
            check.text.contains($0)
        }
        answer.verdict = check.status == 0 ? .passed : isHindered ? .unfinished : .failed
        answer.words = TerminalText.harmless(String(check.text.suffix(500)))
        return answer
    }

    /// What must not be seen in a list of processes goes into the environment.
    private var environment: [String: String] {
        let connection = secrets.connection
        let values: [String: String?] = [
            "RESTIC_REPOSITORY": fullAddress, "RESTIC_PASSWORD": String(decoding: secrets.password, as: UTF8.self),
            "AWS_ACCESS_KEY_ID": connection.bucketKey, "AWS_SECRET_ACCESS_KEY": connection.bucketSecret,
            "AWS_SESSION_TOKEN": connection.bucketToken, "AWS_DEFAULT_REGION": connection.region,
        ]
        return values.compactMapValues { $0 }
    }

    /// Old versions know a server's user only from the address.
    private var fullAddress: String {
        let connection = secrets.connection
        guard case .rest(let web)? = try? PlaceAddress(address), let user = connection.restUser,
            let scheme = web.text.range(of: "://")
        else { return address }
        let escaped = [user, connection.restPassword ?? ""].map {
            $0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        }
        return
            "rest:\(web.text[..<scheme.upperBound])\(escaped.joined(separator: ":"))@\(web.text[scheme.upperBound...])/"
    }

    private var options: [String] {
        settings.flatMap { ["-o", $0] }
            + (secrets.connection.authorities.map { ["--cacert", $0] } ?? [])
    }

    /// Old versions know no arguments for ssh, only the whole command.
    private var settings: [String] {
        guard case .sftp(let address)? = try? PlaceAddress(address),
            let known = try? PlaceSettings(secrets.connection.settings),
            known["sftp.args"] != nil, let command = try? known.command(for: address)
        else { return secrets.connection.settings }
        return ["sftp.command=\(command.map(ShellWords.quoted).joined(separator: " "))"]
    }

    /// `restic 0.14.0` of `restic 0.14.0 compiled with go1.19 on linux/amd64`.
    private static func name(_ text: String) -> String {
        TerminalText.harmless(text.split(separator: " ").prefix(2).joined(separator: " "))
    }

    /// What a program says, and its exit status; nil where it cannot be started or does not end.
    private static func said(
        _ command: [String], _ environment: [String: String], within limit: Duration
    ) -> (text: String, status: Int32)? {
        guard let process = try? ChildProcess(command, environment: environment) else { return nil }
        let deadline = ContinuousClock.now + limit
        var (bytes, hearsComplaints) = ([UInt8](), true)
        loop: while ContinuousClock.now < deadline, !Task.isCancelled {
            switch process.next(within: .seconds(1), hearsComplaints: hearsComplaints) {
            case .output(let more): bytes = (bytes + more).suffix(4_096)
            case .complaint(let more) where more.isEmpty: hearsComplaints = false
            case .complaint(let more): bytes = (bytes + more).suffix(4_096)
            case .silence: continue
            case .end: break loop
            }
        }
        let isLate = ContinuousClock.now >= deadline || Task.isCancelled
        process.hangUp()
        let status = process.reap(within: isLate ? .zero : .seconds(10))
        return isLate ? nil : (String(decoding: bytes, as: UTF8.self), status)
    }
}
