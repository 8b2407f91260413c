// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Glibc

/// What one run of a program took.
struct Measured {
    let wall: Duration
    /// Of all its threads, in the program and in the system.
    let processor: Duration
    /// In MiB.
    let peakMemory: Double

    /// Runs a program to its end; what it says goes to `log`.
    ///
    /// - Throws: `BenchmarkError` when it cannot be started or fails.
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String], in folder: String, log: String
    ) throws -> Measured {
        let start = ContinuousClock.now
        let process = try spawn(program, arguments, environment, folder, log)
        var (status, usage): (Int32, rusage) = (0, rusage())
        // SAFETY: both are our own variables, and the process is our child.
        guard unsafe wait4(process, &status, 0, &usage) == process else { throw BenchmarkError("wait4 failed") }
        let wall = ContinuousClock.now - start
        guard status == 0 else {
            throw BenchmarkError(
                "\(program) \(arguments.first ?? "") ended with \(status): \(Command.output("cat", [log]))")
        }
        return Measured(
            wall: wall, processor: duration(usage.ru_utime) + duration(usage.ru_stime),
            peakMemory: Double(usage.ru_maxrss) / 1_024)
    }

    private static func duration(_ time: timeval) -> Duration {
        .seconds(Int64(time.tv_sec)) + .microseconds(Int64(time.tv_usec))
    }

    private static func spawn(
        _ program: String, _ arguments: [String], _ environment: [String: String], _ folder: String, _ log: String
    ) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // `env` becomes the program, in that folder.
        let line = ["/usr/bin/env", "-C", folder, program] + arguments
        // SAFETY: each text is a copy of its own, freed after the call; both lists end with nil.
        var words = unsafe line.map { unsafe strdup($0) } + [nil]
        var settings = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            for place in unsafe words.indices { unsafe free(words[place]) }
            for place in unsafe settings.indices { unsafe free(settings[place]) }
        }
        var process: pid_t = 0
        let error = unsafe posix_spawn(&process, line[0], &actions, nil, &words, &settings)
        guard error == 0 else { throw BenchmarkError("\(program) cannot be started: error \(error)") }
        return process
    }
}
