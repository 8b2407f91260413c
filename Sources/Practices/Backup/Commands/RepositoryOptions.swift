// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Foundation
import Kernel
import ResticFormat

/// Which repository, and how it is opened.
struct RepositoryOptions: ParsableArguments {
    @Option(
        name: [.customShort("r"), .long],
        help: "Where the repository is: a folder, or an address of rest:, sftp: or s3: as restic takes it.",
        completion: .directory)
    var repo: String?

    @Option(
        name: [.customShort("p"), .long],
        help: "A file with the password; white space around it does not count.",
        completion: .file())
    var passwordFile: String?

    @Flag(help: "Print JSON instead of text.")
    var json = false

    @Flag(name: [.customShort("q"), .long], help: "Print only what went wrong.")
    var quiet = false

    @OptionGroup var connection: ConnectionOptions

    static func environment(_ name: String) -> String? {
        ConnectionOptions.environment(name)
    }

    /// Bars for long work, where somebody watches and wants text.
    var steps: Steps { Steps(isShown: !quiet && !json) }

    /// Where the repository is.
    func place() throws -> any Place {
        guard let path = repo ?? Self.environment("RESTIC_REPOSITORY") else {
            throw ValidationError("Say which repository with --repo, or set RESTIC_REPOSITORY.")
        }
        return try connection.place(at: path)
    }

    /// The bytes of the password, as they stand in the file or in the environment.
    func password() throws -> [UInt8] {
        if let file = passwordFile ?? Self.environment("RESTIC_PASSWORD_FILE") {
            return try Self.password(in: file)
        }
        if let password = Self.environment("RESTIC_PASSWORD") { return Array(password.utf8) }
        throw ValidationError("Say where the password is with --password-file, or set RESTIC_PASSWORD_FILE.")
    }

    /// The password in a file; white space around it is not part of it, as restic reads it.
    static func password(in file: String) throws -> [UInt8] {
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw Fault(.unavailable, "The password file \(TerminalText.harmless(file)) cannot be read.")
        }
        let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else { throw ValidationError("The password file is empty.") }
        return Array(text.utf8)
    }

    /// Does `work` with the open repository, on threads that may wait for disks.
    func open(_ work: @escaping @Sendable (Repository) async throws -> Void) async throws {
        let (place, password) = (try place(), try password())
        try await run { try await work(try await Repository.open(at: place, password: password)) }
    }

    /// Does `work` on such threads; its failures become words and an exit status.
    func run(_ work: @escaping @Sendable () async throws -> Void) async throws {
        ProcessLimits.prepare()
        do {
            try await BlockingThreads.forBackups.run(work)
        } catch let error {
            throw Self.said(error)
        }
    }

    /// restic's exit status for what went wrong, after it was said.
    private static func said(_ error: any Error) -> any Error {
        func end(_ message: String, _ status: Int32) -> ExitCode {
            Terminal.complain("salus: \(TerminalText.harmless(message))")
            return ExitCode(status)
        }
        switch error {
        case let error as PlaceError:
            if case .noRepository = error { return end("\(error)", 10) }
            return end("\(error)", 1)
        case RepositoryError.wrongPassword: return end("wrong password: no key of the repository opens with it", 12)
        case RepositoryError.locked(let lock):
            let kind = lock.isExclusive ? "alone " : ""
            return end(
                "the repository is used \(kind)by process \(lock.process) of \(lock.username) on \(lock.hostname) since "
                    + "\(lock.time.text); wait, or run `salus backup unlock` if that process is gone", 11)
        case RepositoryError.lockLost: return end("the lock could not be kept, so writing was stopped: run it again", 1)
        case RepositoryError.damaged(let flaws):
            return end("the repository is damaged: " + flaws.joined(separator: "; "), 1)
        case let error as PruneError: return end("\(error)", 1)
        case let error as ForgetError: return end("\(error)", 1)
        case let error as KeyError: return end("\(error)", 1)
        case let error as FormatError: return end("\(error)", 1)
        case let error as SystemError: return end("\(error)", 1)
        case let error as SourceError: return end("\(error)", 1)
        case let error as TarError: return end("\(error)", 1)
        case let error as BlobError: return end("\(error)", 1)
        case let error as SnapshotChoiceError: return end("\(error)", 1)
        default: return error
        }
    }
}
