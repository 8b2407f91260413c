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
package final class Running: Sendable {
    private let process: Process
    private let folder: String
    private let name: String

    fileprivate init(
        _ program: String, _ arguments: [String], environment: [String: String], input: String, in place: String
    ) throws {
        folder = NSTemporaryDirectory() + "salus-run-" + UUID().uuidString
        name = ([program] + arguments).joined(separator: " ")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try Data(input.utf8).write(to: URL(fileURLWithPath: "\(folder)/in"))
        process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: place)
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: "\(folder)/in"))
        process.standardOutput = try Self.file("\(folder)/out")
        process.standardError = try Self.file("\(folder)/err")
        try process.run()
        Orphanage.admit(process.processIdentifier)
    }

    private static func file(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(fileURLWithPath: path))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    /// The number of the process.
    package var pid: Int32 { process.processIdentifier }
    /// Whether it has not ended yet.
    package var isRunning: Bool { process.isRunning }
    /// What it wrote to standard output so far.
    package var output: String { text("out") }
    /// What it wrote to standard error so far.
    package var errors: String { text("err") }

    private func text(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data(), as: UTF8.self)
    }

    /// The rest of the first line of standard output that begins with `start`.
    package func line(_ start: String, within limit: Duration = .seconds(60)) async throws -> String {
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
        while isRunning {
            if ContinuousClock.now > deadline {
                signal(SIGKILL)
                throw TestSupportError("\(name) did not end within \(limit)\n\(output)\(errors)")
            }
            try await Task.sleep(for: .milliseconds(4))
        }
        Orphanage.dismiss(pid)
        return process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
    }

    /// Kills it, as a power cut would, and waits until it is gone.
    package func destroy() async throws {
        signal(SIGKILL)
        _ = try await end()
    }

    /// Ends it if it still runs, and removes its output.
    package func discard() {
        signal(SIGKILL)
        try? FileManager.default.removeItem(atPath: folder)
    }
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
