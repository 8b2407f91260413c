// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Kernel

/// Starts a restored PostgreSQL on a private socket without network and asks it whether it is whole.
///
/// The data folder is changed by that: it recovers, and it is no longer what was restored. Nothing that its settings ask for
/// is done: they are replaced.
struct PostgresTrial: Sendable {
    /// The restored data folder.
    let dataFolder: String
    /// How long it may take to recover.
    var patience = Duration.seconds(4 * 3_600)

    /// What a trial found.
    struct Findings: Sendable {
        /// From the start to the first answer.
        var startedAfter: Duration
        /// As the server calls it.
        var serverVersion: String
        /// Those that can be connected to.
        var databases: [String]
        /// Tables and indexes whose structure was looked at.
        var relationsChecked = 0
        /// What pg_amcheck found, the first hundred.
        var amcheckErrors: [String] = []
        /// Whether pages have checksums.
        var hasChecksums = false
        /// Pages whose checksum is wrong.
        var checksumFailures = 0
        /// Of all tables of users that were counted.
        var rows: Int64 = 0
        /// How many those were.
        var tablesCounted = 0
        /// When the last transaction of the log was committed; nil where the log has none.
        var lastCommit: Instant?
        /// Whether the server had no network.
        var isNetworkCut: Bool

        /// Whether nothing was found wrong.
        var isWhole: Bool { amcheckErrors.isEmpty && checksumFailures == 0 }
    }

    init(dataFolder: String) {
        self.dataFolder = dataFolder
    }

    /// When it answered, what the probes said; it is stopped and nothing of it left running, whatever happens.
    ///
    /// - Throws: `TrialError`, `SystemError`, `CancellationError`.
    func run() async throws -> Findings {
        let folder = (dataFolder as NSString).standardizingPath
        let programs = try PostgresPrograms(for: folder)
        let owner = try await prepare(folder)
        let trial = try TrialFolder(owner: owner)
        let setting = TrialServer.Setting(programs: programs, dataFolder: folder, owner: owner)
        var questions = TrialQuestions(programs: programs, folder: trial)
        let begun = ContinuousClock.now
        let server = try await TrialServer(setting, trial)
        do {
            try await awaitAnswer(server, questions)
            let startedAfter = ContinuousClock.now - begun
            questions.role = try await superuser(questions)
            var findings = try await TrialProbes(questions: questions).look(startedAfter, server.isNetworkCut)
            await server.stop()
            try await checkPages(folder, questions, &findings)
            return findings
        } catch {
            await server.abandon()
            throw error
        }
    }

    /// Makes the folder one that a server starts from, and says as whom.
    private func prepare(_ folder: String) async throws -> (uid: UInt32, gid: UInt32) {
        let status = try SourceStatus(of: Array("\(folder)/PG_VERSION".utf8), in: AT_FDCWD)
        // A log that ends is the end of the recovery, and not the beginning of a wait for more.
        unsafe unlink("\(folder)/standby.signal")
        let signal = Array("\(folder)/recovery.signal".utf8)
        let file = try Descriptor(opening: signal, O_WRONLY | O_CREAT | O_NOFOLLOW, mode: 0o600)
        guard geteuid() == 0 else { return (status.uid, status.gid) }
        var owner = (uid: status.uid, gid: status.gid)
        if owner.uid == 0 {
            guard let user = unsafe getpwnam("postgres") else {
                throw SystemError(ENOENT, "find the user", Array("postgres".utf8))
            }
            owner = unsafe (user.pointee.pw_uid, user.pointee.pw_gid)
            try await giveAway(folder, to: owner)
        }
        guard fchown(file.number, owner.uid, owner.gid) == 0 else { throw SystemError("give away", signal) }
        try file.sync()
        return owner
    }

    /// PostgreSQL does not run as root, to whom everything belongs that was restored without its owners.
    private func giveAway(_ folder: String, to owner: (uid: UInt32, gid: UInt32)) async throws {
        let spaces = (folder as NSString).deletingLastPathComponent + "/tablespaces"
        let folders = [folder] + (unsafe access(spaces, F_OK) == 0 ? [spaces] : [])
        let command = ["chown", "-R", "-h", "-P", "\(owner.uid):\(owner.gid)", "--"] + folders
        let program = try SpawnedProgram(
            command, environment: ["PATH": "/usr/bin:/bin"], output: "/dev/null")
        guard await program.wait(within: patience) == 0 else {
            throw SystemError(EPERM, "give away", Array(folder.utf8))
        }
    }

    private func awaitAnswer(_ server: TrialServer, _ questions: TrialQuestions) async throws {
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            try Task.checkCancellation()
            guard server.isRunning else { throw TrialError.ended(words: server.lastWords) }
            if try await questions.isAnswered() { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw TrialError.silent
    }

    /// A role that may look at everything. Its name is any name.
    private func superuser(_ questions: TrialQuestions) async throws -> String {
        let sql = "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = CURRENT_USER"
        var names = ["postgres"]
        if let owner = try? SourceStatus(of: Array("\(dataFolder)/PG_VERSION".utf8), in: AT_FDCWD) {
            names.append(NodeReader.userName(owner.uid))
        }
        names += ["salus", "admin", "root"]
        for name in names where !name.isEmpty {
            var asking = questions
            asking.role = name
            let answer = try await asking.ask(sql, in: "template1")
            if answer.status == 0, answer.text.hasPrefix("t") { return name }
        }
        throw TrialError.noRole
    }

    /// Reads every page of the stopped server's files.
    private func checkPages(_ folder: String, _ questions: TrialQuestions, _ findings: inout Findings) async throws {
        guard findings.hasChecksums else { return }
        guard let answer = try await questions.run("pg_checksums", ["--check", "-D", folder]) else { return }
        let line = answer.text.split(separator: "\n").first { $0.hasPrefix("Bad checksums:") }
        guard let line, let count = Int(line.dropFirst("Bad checksums:".count).filter(\.isNumber)) else {
            throw TrialError.failed("whether its pages are whole")
        }
        findings.checksumFailures = count
    }
}
