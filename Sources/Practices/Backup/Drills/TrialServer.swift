// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization

/// The server of a trial: a restored PostgreSQL that nobody but this trial can reach, and that reaches nobody.
final class TrialServer: Sendable {
    let folder: TrialFolder
    let isNetworkCut: Bool
    private let program: SpawnedProgram
    private let thread: DispatchSemaphore

    /// Where the server is to find its data, and as whom it runs.
    struct Setting: Sendable {
        let programs: PostgresPrograms
        let dataFolder: String
        let owner: (uid: UInt32, gid: UInt32)
    }

    /// Starts it; it does not answer yet.
    ///
    /// - Throws: `SystemError`, `TrialError`.
    init(_ setting: Setting, _ folder: TrialFolder) async throws {
        guard let postgres = setting.programs.path("postgres") else {
            throw TrialError.noServer(version: setting.programs.version)
        }
        self.folder = folder
        let cage = await Cage.find(setting, folder)
        isNetworkCut = cage.isNetworkCut
        let command = cage.command + [postgres, "-D", cage.dataFolder] + Self.options(folder)
        thread = DispatchSemaphore(value: 0)
        program = try await Self.start(command, output: folder.output("server"), until: thread)
    }

    /// On the command line, because that outdoes every file of the data folder.
    private static func options(_ folder: TrialFolder) -> [String] {
        let settings = "\(folder.path)/settings"
        return [
            "config_file=\(settings)/postgresql.conf", "hba_file=\(settings)/pg_hba.conf",
            "ident_file=\(settings)/pg_ident.conf", "external_pid_file=",
            // Nobody reaches it, it reaches nobody.
            "listen_addresses=", "unix_socket_directories=\(folder.socket)", "unix_socket_permissions=0700",
            "port=5432",
            "ssl=off", "primary_conninfo=", "primary_slot_name=", "max_wal_senders=0", "archive_mode=off",
            "max_logical_replication_workers=0", "restore_command=/bin/false", "recovery_end_command=",
            "archive_cleanup_command=", "hot_standby=off", "recovery_target_action=promote",
            // It runs nothing of its own accord, and loads nothing that may not be installed here.
            "shared_preload_libraries=", "session_preload_libraries=", "local_preload_libraries=", "autovacuum=off",
            "jit=off", "logging_collector=off", "log_destination=stderr", "lc_messages=C", "log_statement=none",
            "log_min_error_statement=panic", "log_error_verbosity=terse",
            // It is thrown away, so it need not last.
            "fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=64MB", "max_connections=20",
            "max_prepared_transactions=200", "max_locks_per_transaction=256", "huge_pages=off",
            "cluster_name=salus trial",
        ].flatMap { ["-c", $0] }
    }

    /// Starts the program on a thread that lives until the trial is over: the system ends the server with that thread, so
    /// also when this process is killed.
    private static func start(
        _ command: [String], output: String, until end: DispatchSemaphore
    ) async throws -> SpawnedProgram {
        let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC"]
        return try await withCheckedThrowingContinuation { continuation in
            Thread {
                do throws(SystemError) {
                    continuation.resume(
                        returning: try SpawnedProgram(command, environment: environment, output: output))
                } catch {
                    return continuation.resume(throwing: error)
                }
                end.wait()
            }.start()
        }
    }

    deinit {
        program.end()
        thread.signal()
    }

    /// Whether it is running.
    var isRunning: Bool { program.status == nil }

    /// Ends it in order, or, when that takes too long, at once.
    func stop() async {
        program.signal(SIGINT)
        guard await program.wait(within: .seconds(60)) == nil else { return }
        program.end()
    }

    /// Ends it and whatever it started, also for a task that is cancelled.
    func abandon() async {
        program.signal(SIGQUIT)
        // A task of its own can wait, whatever became of this one.
        _ = await Task { [program] in await program.wait(within: .seconds(5)) }.value
        program.end()
    }

    /// What it said last, as far as that says why it ended.
    var lastWords: String {
        let lines = folder.text("server").split(separator: "\n")
        let fatal = lines.last { $0.contains("FATAL:") || $0.contains("PANIC:") } ?? lines.last ?? "it said nothing"
        let words = fatal.split(separator: ":  ", maxSplits: 1).last ?? fatal
        return String(words.prefix(300))
    }
}

/// What a server is shut into, as far as the system allows it.
struct Cage: Sendable {
    /// The words before those of the server.
    let command: [String]
    /// Where the server finds its data.
    let dataFolder: String
    let isNetworkCut: Bool

    /// The tightest that works here: without a network, and, for root, with a view of the disk on which the data is
    /// somewhere that the server's user can get to.
    static func find(_ setting: TrialServer.Setting, _ folder: TrialFolder) async -> Cage {
        // Together with this process; never root, as whom PostgreSQL refuses to run.
        var user = ["setpriv", "--pdeathsig", "QUIT"]
        let parent = (setting.dataFolder as NSString).deletingLastPathComponent
        let name = (setting.dataFolder as NSString).lastPathComponent
        guard geteuid() == 0 else {
            let wall = ["unshare", "--user", "--map-current-user", "--net", "--"]
            let isCut = await works(wall, folder)
            return Cage(
                command: (isCut ? wall : []) + user + ["--"], dataFolder: setting.dataFolder, isNetworkCut: isCut)
        }
        user += ["--reuid", "\(setting.owner.uid)", "--regid", "\(setting.owner.gid)", "--clear-groups", "--"]
        let view = #"mount --bind -- "$1" "$2" && shift 2 && exec "$@""#
        let root = "\(folder.path)/root"
        let wall = ["unshare", "--net", "--mount", "--", "sh", "-c", view, "sh", parent, root]
        if await works(wall, folder) {
            return Cage(command: wall + user, dataFolder: "\(root)/\(name)", isNetworkCut: true)
        }
        let net = ["unshare", "--net", "--"]
        let isCut = await works(net, folder)
        return Cage(command: (isCut ? net : []) + user, dataFolder: setting.dataFolder, isNetworkCut: isCut)
    }

    private static func works(_ wall: [String], _ folder: TrialFolder) async -> Bool {
        let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        guard
            let program = try? SpawnedProgram(
                wall + ["true"], environment: environment, output: folder.output("cage"))
        else { return false }
        return await program.wait(within: .seconds(10)) == 0
    }
}
