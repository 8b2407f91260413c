// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A program that was started, with its output in a file, in a group of its own so that whatever it starts ends with it.
final class SpawnedProgram: Sendable {
    private let number: pid_t
    private let ended = Mutex<Int32?>(nil)

    /// Starts a program, which is looked for where a shell would.
    ///
    /// - Parameters:
    ///   - environment: all that it sees of ours: nothing that is secret.
    ///   - output: the file that it writes to, complaints too.
    /// - Throws: `SystemError`.
    init(_ command: [String], environment: [String: String], output: String) throws(SystemError) {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        var (all, none) = (sigset_t(), sigset_t())
        var number: pid_t = 0
        // SAFETY: all that the calls see lives until they return; the strings are freed afterwards.
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        // Programs look at the folder in which they begin, and another user may not be allowed to.
        let words = unsafe ((["env", "-C", "/", "--"] + command).map { unsafe strdup($0) } + [nil])
        let variables = unsafe (environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil])
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
            let strings = unsafe words + variables
            for index in unsafe strings.indices { unsafe free(strings[index]) }
        }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // A thread of Swift's may block signals, which the program would inherit.
        unsafe sigfillset(&all)
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        let code = unsafe posix_spawnp(&number, "env", &actions, &attributes, words, variables)
        guard code == 0 else { throw SystemError(code, "start", Array((command.first ?? "").utf8)) }
        self.number = number
    }

    deinit {
        end()
    }

    /// Its exit status, or the negative number of the signal that ended it; nil while it runs.
    var status: Int32? {
        ended.withLock { ended in
            if let ended { return ended }
            var status: Int32 = 0
            guard unsafe waitpid(number, &status, WNOHANG) == number else { return nil }
            ended = status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
            return ended
        }
    }

    /// Sends a signal, unless it ended.
    func signal(_ signal: Int32) {
        // INVARIANT: as long as nobody took its status, the number is nobody else's.
        ended.withLock { ended in if ended == nil { _ = kill(number, signal) } }
    }

    /// Waits for its end; nil when that did not come in time, or the task was cancelled.
    func wait(within limit: Duration) async -> Int32? {
        let deadline = ContinuousClock.now + limit
        var pause = Duration.milliseconds(2)
        while ContinuousClock.now < deadline {
            if let status { return status }
            guard (try? await Task.sleep(for: pause)) != nil else { return status }
            pause = min(pause * 2, .milliseconds(50))
        }
        return status
    }

    /// Ends it and everything in its group at once. Blocks for a moment.
    func end() {
        signal(SIGKILL)
        while status == nil { usleep(1_000) }
        _ = kill(-number, SIGKILL)
    }
}
