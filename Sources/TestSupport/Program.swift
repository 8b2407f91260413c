// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization

/// The built program and other people's, each run as a process of its own.
package enum Program {
    /// The program: `SALUS_PROGRAM`, else beside the tests.
    package static let path: String = {
        if let named = ProcessInfo.processInfo.environment["SALUS_PROGRAM"] { return named }
        let folders = [Bundle.main.bundlePath, URL(fileURLWithPath: CommandLine.arguments[0]).path]
            .flatMap { [$0, URL(fileURLWithPath: $0).deletingLastPathComponent().path] }
        let repository = URL(fileURLWithPath: #filePath).pathComponents.dropLast(3).joined(separator: "/")
        let candidates = (folders + [String(repository.dropFirst()) + "/.build/debug"]).map { "\($0)/salus" }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "salus"
    }()

    /// Whether the rounds of chance are many (`SALUS_LONG=1`) or just a few.
    package static let isLong = ProcessInfo.processInfo.environment["SALUS_LONG"] == "1"

    /// Runs a program to its end, or kills it after `limit`.
    package static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], input: String = "",
        in folder: String = "/", within limit: Duration = .seconds(180)
    ) async throws -> Finished {
        let running = try start(program, arguments, environment: environment, input: input, in: folder)
        defer { running.discard() }
        let status = try await running.end(within: limit)
        return Finished(status: status, output: running.output, errors: running.errors)
    }

    /// Starts a program, with nothing in its environment but what is said.
    package static func start(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], input: String = "",
        in folder: String = "/"
    ) throws -> Running {
        let all = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8"]
            .merging(environment) { _, said in said }
        return try Running(program, arguments, environment: all, input: input, in: folder)
    }

    /// Runs Salus to its end, or kills it after `limit`.
    package static func run(
        _ arguments: [String], environment: [String: String] = [:], input: String = "", in folder: String = "/",
        within limit: Duration = .seconds(180)
    ) async throws -> Finished {
        try await run(path, arguments, environment: environment, input: input, in: folder, within: limit)
    }

    /// Starts Salus, with nothing in its environment but what is said.
    package static func start(
        _ arguments: [String], environment: [String: String] = [:], input: String = "", in folder: String = "/"
    ) throws -> Running {
        try start(path, arguments, environment: environment, input: input, in: folder)
    }
}

/// What a program left behind.
package struct Finished: Sendable {
    /// Its exit status; the negative number of the signal that ended it.
    package let status: Int32
    package let output: String
    package let errors: String

    /// Everything that it said.
    package var words: String { output + errors }
}

/// A program that runs, with its output in files.
///
/// Started by posix_spawn: Foundation's `Process` leaks descriptors, and ends the tests after some hundred programs.
package final class Running: Sendable {
    /// The number of the process.
    package let pid: Int32
    private let folder: String
    private let name: String
    private let ended = Mutex<Int32?>(nil)

    fileprivate init(
        _ program: String, _ arguments: [String], environment: [String: String], input: String, in place: String
    ) throws {
        folder = NSTemporaryDirectory() + "salus-run-" + UUID().uuidString
        name = ([program] + arguments).joined(separator: " ")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try Data(input.utf8).write(to: URL(fileURLWithPath: "\(folder)/in"))
        pid = try spawn(["/usr/bin/env", "-C", place, program] + arguments, environment, files: folder)
        Orphanage.admit(pid)
    }

    /// Whether it has not ended yet.
    package var isRunning: Bool { status == nil }
    /// What it wrote to standard output so far.
    package var output: String { text("out") }
    /// What it wrote to standard error so far.
    package var errors: String { text("err") }

    private func text(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data(), as: UTF8.self)
    }

    /// Its exit status, or the negative number of the signal that ended it; nil while it runs.
    private var status: Int32? {
        ended.withLock { ended in
            if let ended { return ended }
            var word: Int32 = 0
            guard unsafe waitpid(pid, &word, WNOHANG) == pid else { return nil }
            ended = word & 0x7F == 0 ? word >> 8 & 0xFF : -(word & 0x7F)
            Orphanage.dismiss(pid)
            return ended
        }
    }

    /// The rest of the first line of standard output that begins with `start`. The limit ends what hangs: beside all other
    /// tests a start has taken more than a minute.
    package func line(_ start: String, within limit: Duration = .seconds(240)) async throws -> String {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            let hasEnded = !isRunning
            for line in output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            where line.hasPrefix(start) { return String(line.dropFirst(start.count)) }
            if hasEnded { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TestSupportError("no line \"\(start)\" from \(name)\n\(output)\(errors)")
    }

    /// Sends a signal.
    package func signal(_ number: Int32) {
        if isRunning { kill(pid, number) }
    }

    /// Waits for its end and returns the exit status; kills it and fails when that takes longer than `limit`.
    package func end(within limit: Duration = .seconds(60)) async throws -> Int32 {
        let deadline = ContinuousClock.now + limit
        while true {
            if let status { return status }
            if ContinuousClock.now > deadline {
                signal(SIGKILL)
                throw TestSupportError("\(name) did not end within \(limit)\n\(output)\(errors)")
            }
            try await Task.sleep(for: .milliseconds(4))
        }
    }

    /// Kills it, as a power cut would, and waits until it is gone.
    package func destroy() async throws {
        signal(SIGKILL)
        _ = try await end()
    }

    /// Ends it if it still runs, and removes its output.
    package func discard() {
        signal(SIGKILL)
        // Nothing withstands the signal for long.
        while isRunning { usleep(2_000) }
        try? FileManager.default.removeItem(atPath: folder)
    }
}

/// Starts a program whose standard input is `in` of a folder, and whose outputs are `out` and `err`.
private func spawn(_ command: [String], _ environment: [String: String], files folder: String) throws -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    var (all, none) = (sigset_t(), sigset_t())
    var pid: pid_t = 0
    // Unsafe claim: everything that the calls see lives until they return; the strings are freed afterwards.
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
    let output = O_WRONLY | O_CREAT | O_TRUNC
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "\(folder)/in", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, "\(folder)/out", output, 0o600)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, "\(folder)/err", output, 0o600)
    // A thread of Swift's may block signals, which the program would inherit.
    unsafe sigfillset(&all)
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let code = unsafe posix_spawn(&pid, command[0], &actions, &attributes, words, variables)
    guard code == 0 else { throw TestSupportError("\(command[0]) cannot be started: \(code)") }
    return pid
}

/// Sees to it that no process outlives the tests, however they end.
private enum Orphanage {
    private static let register = Mutex<FileHandle?>(open())

    /// A shell that reads which processes live, and kills those that do when the pipe closes: only this process has
    /// its other end.
    private static func open() -> FileHandle? {
        let script = """
            trap '' INT TERM
            while read -r word pid; do
              case $word in
                admit) living="$living $pid " ;;
                *) living="${living%% $pid *} ${living#* $pid }" ;;
              esac
            done
            for pid in $living; do kill -9 "$pid" 2> /dev/null; done
            """
        let pipe = Pipe()
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", script]
        shell.standardInput = pipe.fileHandleForReading
        shell.standardOutput = FileHandle.nullDevice
        shell.standardError = FileHandle.nullDevice
        _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        guard (try? shell.run()) != nil else { return nil }
        return pipe.fileHandleForWriting
    }

    static func admit(_ pid: Int32) {
        register.withLock { $0?.write(Data("admit \(pid)\n".utf8)) }
    }

    static func dismiss(_ pid: Int32) {
        register.withLock { $0?.write(Data("dismiss \(pid)\n".utf8)) }
    }
}
