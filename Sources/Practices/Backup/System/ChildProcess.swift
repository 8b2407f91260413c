// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A program that is talked with over a socket, which is its standard input and output.
///
/// A socket and not pipes: writing to one whose other end is gone is an error, and never a signal.
final class ChildProcess: Sendable {
    private let number: pid_t
    private let socket: Descriptor
    private let complaints: Descriptor

    /// Starts a program, which is looked for where a shell would; it does not see what is secret in the environment.
    ///
    /// - Parameter more: what it sees there besides.
    /// - Throws: `SystemError`.
    init(_ command: [String], environment more: [String: String] = [:]) throws(SystemError) {
        let (ends, others) = (try Self.sockets(), try Self.sockets())
        let mine = Descriptor(ends.ours)
        let other = Descriptor(ends.its)
        let reading = Descriptor(others.ours)
        let writing = Descriptor(others.its)
        number = try Self.start(command, more, input: other, errors: writing)
        socket = mine
        complaints = reading
    }

    private static func sockets() throws(SystemError) -> (ours: Int32, its: Int32) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw SystemError("make a socket") }
        return (ends[0], ends[1])
    }

    private static func start(
        _ command: [String], _ more: [String: String], input: borrowing Descriptor, errors: borrowing Descriptor
    ) throws(SystemError) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        var (all, none) = (sigset_t(), sigset_t())
        var number: pid_t = 0
        let secrets = ["RESTIC_", "AWS_", "SALUS_", "PGPASS"]
        let inherited = ProcessInfo.processInfo.environment.filter { entry in
            !secrets.contains { entry.key.hasPrefix($0) }
        }
        let environment = inherited.merging(more) { $1 }
        // SAFETY: all that the calls see lives until they return; the strings are freed afterwards.
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        let words = unsafe (command.map { unsafe strdup($0) } + [nil])
        let variables = unsafe (environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil])
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
            let strings = unsafe words + variables
            for index in unsafe strings.indices { unsafe free(strings[index]) }
        }
        unsafe posix_spawn_file_actions_adddup2(&actions, input.number, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, input.number, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors.number, 2)
        // A thread of Swift's may block signals, which the program would inherit.
        unsafe sigfillset(&all)
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let code = unsafe posix_spawnp(&number, command[0], &actions, &attributes, words, variables)
        guard code == 0 else { throw SystemError(code, "start", Array(command[0].utf8)) }
        return number
    }

    /// Sends all of the bytes; waits where the program does not take them.
    func send(_ bytes: [UInt8]) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            // SAFETY: what is not empty has an address.
            let count = unsafe bytes.withUnsafeBytes { bytes in
                Descriptor.again {
                    unsafe Glibc.send(
                        socket.number, bytes.baseAddress.unsafelyUnwrapped + done, bytes.count - done,
                        Int32(MSG_NOSIGNAL))
                }
            }
            guard count > 0 else { throw SystemError("write") }
            done += count
        }
    }

    /// What came from the program.
    enum Event {
        case output([UInt8])
        case complaint([UInt8])
        /// Nothing came for so long.
        case silence
        /// It sends nothing any more.
        case end
    }

    /// Waits for what comes next.
    func next(within limit: Duration, hearsComplaints: Bool) -> Event {
        var files = [
            pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0),
            pollfd(fd: hearsComplaints ? complaints.number : -1, events: Int16(POLLIN), revents: 0),
        ]
        let milliseconds = Int32(clamping: limit.components.seconds * 1_000)
        let count = Descriptor.again { unsafe poll(&files, 2, milliseconds) }
        guard count > 0 else { return count == 0 ? .silence : .end }
        // What it complains of comes first: it says why it ends.
        if files[1].revents != 0 { return .complaint(Self.read(complaints)) }
        let bytes = Self.read(socket)
        return bytes.isEmpty ? .end : .output(bytes)
    }

    private static func read(_ file: borrowing Descriptor) -> [UInt8] {
        var bytes = Array(repeating: UInt8(0), count: 256 << 10)
        let number = file.number
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            Descriptor.again { unsafe Glibc.read(number, buffer.baseAddress, buffer.count) }
        }
        bytes.removeLast(bytes.count - max(0, count))
        return bytes
    }

    /// Lets the program know that nothing follows.
    func endInput() {
        _ = shutdown(socket.number, Int32(SHUT_WR))
    }

    /// Lets the program know that nothing follows, and wakes whoever waits for it.
    func hangUp() {
        _ = shutdown(socket.number, Int32(SHUT_RDWR))
    }

    /// Waits for its end, a little; then ends it. Called once.
    ///
    /// - Returns: its exit status, or the negative number of the signal that ended it.
    func reap(within limit: Duration) -> Int32 {
        var status: Int32 = 0
        let deadline = ContinuousClock.now + limit
        while unsafe waitpid(number, &status, WNOHANG) == 0 {
            if ContinuousClock.now > deadline { kill(number, SIGKILL) }
            usleep(5_000)
        }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    }
}
