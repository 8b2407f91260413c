// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Kernel

/// The person at the keyboard: whoever runs the command, or whoever ran sudo.
struct InvokingUser: Sendable {
    let home: String
    /// The name to run programs as; nil for whoever this process is already.
    let otherName: String?

    /// - Throws: `Fault.notFound` when the user of sudo has no home.
    static func find() throws -> InvokingUser {
        let environment = ProcessInfo.processInfo.environment
        if geteuid() == 0, let name = environment["SUDO_USER"], name != "root" {
            guard let entry = unsafe getpwnam(name), let home = unsafe entry.pointee.pw_dir else {
                throw Fault(.notFound, "There is no user \(name) on this machine.")
            }
            return InvokingUser(home: unsafe String(cString: home), otherName: name)
        }
        return InvokingUser(home: environment["HOME"] ?? "/root", otherName: nil)
    }

    /// Runs a program as this person; files that it makes belong to them.
    func run(_ program: String, _ arguments: [String]) throws -> ProgramResult {
        guard let otherName else { return try ProgramResult.of(program, arguments) }
        return try ProgramResult.of("/usr/sbin/runuser", ["-u", otherName, "--", program] + arguments)
    }
}

/// How a program ended, and the last line that it wrote.
struct ProgramResult: Sendable {
    let succeeded: Bool
    let lastLine: String

    /// Runs a program to its end, with nothing to read.
    ///
    /// - Throws: `Fault.unavailable` when it cannot be started.
    static func of(_ program: String, _ arguments: [String]) throws -> ProgramResult {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        do {
            try process.run()
        } catch {
            throw Fault(.unavailable, "\(program) cannot be started.", cause: error)
        }
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        return ProgramResult(succeeded: process.terminationStatus == 0, lastLine: lines.last.map(String.init) ?? "")
    }
}
