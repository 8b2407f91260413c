// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

@testable import Backup

/// The kinds of place, each behind the server that people really run.
enum PlaceKind: String, CaseIterable, Sendable {
    case folder
    /// OpenSSH's sftp-server, without ssh.
    case sftpServer
    /// OpenSSH's ssh and sshd.
    case sshd
    /// rclone's server of restic's protocol.
    case rest
    /// moto's S3.
    case s3

    static let remote = allCases.filter { $0 != .folder }
}

/// A place for the length of a test, and what stands behind it.
struct PlaceServer: Sendable {
    let place: any Place
    /// The folder in which the files of the place are; nil where they are in a server's memory.
    let folder: String?
    /// Where a server in memory takes files without asking who sends them.
    var address: String?

    /// Puts a file there past the place: `keys/stray`.
    func plant(_ name: String, _ bytes: [UInt8]) async throws {
        if let folder {
            let path = URL(fileURLWithPath: "\(folder)/\(name)")
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            return try Data(bytes).write(to: path)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let done = try await Program.run(
            "/usr/bin/curl",
            ["--silent", "--fail", "-X", "PUT", "-H", "Content-Type: application/octet-stream", "--data-binary", text]
                + ["\(address ?? "")/\(name)"])
        guard done.status == 0 else { throw TestSupportError(done.words) }
    }
}

/// Starts servers, and ends them.
enum PlaceServers {
    static let sftpServer = "/usr/lib/openssh/sftp-server"
    static let python =
        URL(fileURLWithPath: #filePath).pathComponents.dropLast(4).joined(separator: "/").dropFirst()
        + "/.build-venv/bin/python"

    /// Does `body` with a place of that kind. Where its server is not installed this says so, and is an error with
    /// `CI=true`.
    static func with(_ kind: PlaceKind, _ body: (PlaceServer) async throws -> Void) async throws {
        let needed: [PlaceKind: (program: String, package: String)] = [
            .sftpServer: (sftpServer, "openssh-sftp-server"), .sshd: ("/usr/sbin/sshd", "openssh-server"),
            .rest: ("/usr/bin/rclone", "rclone"), .s3: (String(python), "scripts/make-venv"),
        ]
        if let need = needed[kind], !FileManager.default.isExecutableFile(atPath: need.program) {
            if ProcessInfo.processInfo.environment["CI"] == "true" {
                throw TestSupportError("\(need.package) is missing")
            }
            return print("SKIPPED: \(need.program) is missing (\(need.package))")
        }
        try await TemporaryFolder.with { folder in
            switch kind {
            case .folder: try await body(PlaceServer(place: LocalPlace(folder + "/r"), folder: folder + "/r"))
            case .sftpServer:
                let place = SFTPPlace("sftp", folder: folder + "/a/r", .init(command: [sftpServer], notice: say))
                try await body(PlaceServer(place: place, folder: folder + "/a/r"))
            case .sshd: try await withSSH(in: folder, body)
            case .rest:
                try await withRclone(in: folder) { address in
                    let place = RestPlace(try web(address + "r/"), nil, HTTPExchange())
                    try await body(PlaceServer(place: place, folder: folder + "/served/r"))
                }
            case .s3: try await withBucket(body)
            }
        }
    }

    /// Whether tests that need a program run: with `CI=true` they do in any case, and fail without it.
    static func needs(_ program: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: program) || ProcessInfo.processInfo.environment["CI"] == "true"
    }

    static let say: @Sendable (String) -> Void = { print($0) }

    static func web(_ text: String) throws -> WebAddress {
        guard let address = WebAddress(text) else { throw TestSupportError("no address: \(text)") }
        return address
    }

    /// rclone's REST server; its address ends in a slash.
    static func withRclone(
        in folder: String, _ options: [String] = [], _ body: (String) async throws -> Void
    ) async throws {
        let port = try freePort()
        let words = ["rclone", "serve", "restic", "--addr", "127.0.0.1:\(port)"] + options + ["\(folder)/served"]
        let server = try Program.start("/bin/sh", ["-c", "exec \"$@\" 2>&1", "sh"] + words, in: folder)
        defer { server.discard() }
        let scheme = options.contains("--cert") ? "https" : "http"
        try await answers(port, server)
        try await body("\(scheme)://127.0.0.1:\(port)/")
    }

    /// Waits until somebody listens.
    private static func answers(_ port: UInt16, _ server: Running) async throws {
        for _ in 0..<3_000 {
            let tried = try await Program.run("/bin/bash", ["-c", "exec 3<> /dev/tcp/127.0.0.1/\(port)"])
            if tried.status == 0 { return }
            guard server.isRunning else { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TestSupportError("nobody listens on \(port): \(server.output)")
    }

    private static func withSSH(in folder: String, _ body: (PlaceServer) async throws -> Void) async throws {
        let port = try freePort()
        for name in ["host", "user"] {
            _ = try await Program.run(
                "/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/\(name)"])
        }
        let key = try String(contentsOfFile: "\(folder)/host.pub", encoding: .utf8)
        try "[127.0.0.1]:\(port) \(key)".write(toFile: "\(folder)/known", atomically: false, encoding: .utf8)
        try """
        Port \(port)
        ListenAddress 127.0.0.1
        HostKey \(folder)/host
        AuthorizedKeysFile \(folder)/user.pub
        PidFile none
        StrictModes no
        UsePAM no
        Subsystem sftp \(sftpServer)
        """.write(toFile: "\(folder)/sshd", atomically: false, encoding: .utf8)
        // Where sshd shuts itself in before it knows who comes.
        if geteuid() == 0 {
            try FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
        }
        let server = try Program.start("/usr/sbin/sshd", ["-D", "-e", "-f", "\(folder)/sshd"], in: folder)
        defer { server.discard() }
        try await answers(port, server)
        let address = try SFTPAddress("//127.0.0.1:\(port)/\(folder)/r")
        let setup = SFTPChannel.Setup(command: address.command(sshOptions(folder)), notice: say)
        try await body(
            PlaceServer(place: SFTPPlace(address.name, folder: address.path, setup), folder: folder + "/r"))
    }

    private static func sshOptions(_ folder: String) -> [String] {
        let options = ["BatchMode=yes", "StrictHostKeyChecking=yes", "UserKnownHostsFile=\(folder)/known"]
        return ["-F", "/dev/null", "-i", "\(folder)/user"] + options.flatMap { ["-o", $0] }
    }

    private static func withBucket(_ body: (PlaceServer) async throws -> Void) async throws {
        let server = try await Moto.shared.address()
        let name = "b\(UInt64.random(in: .min ... .max))"
        let address = try S3Address("\(server)/\(name)/a/r")
        let credentials = S3Credentials(keyID: "key", secret: "secret")
        let place = S3Place(address, credentials, region: "eu-central-1", isNamed: nil, HTTPExchange())
        try await body(PlaceServer(place: place, folder: nil, address: "\(server)/\(name)/a/r"))
    }
}

/// One S3 server for all tests of this process: it takes seconds to start.
private actor Moto {
    static let shared = Moto()
    private var starting: Task<(Running, String), any Error>?

    func address() async throws -> String {
        let task = starting ?? Task { try await Self.start() }
        starting = task
        return try await task.value.1
    }

    private static func start() async throws -> (Running, String) {
        let words = [String(PlaceServers.python), "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
        let server = try Program.start("/bin/sh", ["-c", "exec \"$@\" 2>&1", "sh"] + words)
        let port = try await server.line(" * Running on http://127.0.0.1:")
        return (server, "http://127.0.0.1:\(port)")
    }
}
