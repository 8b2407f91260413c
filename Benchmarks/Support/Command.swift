// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// Other programs: peers, load generators, compilers.
package enum Command {
    /// What a program that was run to its end printed on standard output.
    ///
    /// - Throws: `BenchmarkError` when it cannot be started or fails.
    package static func run(_ name: String, _ arguments: [String]) throws -> String {
        let (process, pipe) = try start(name, arguments, isQuiet: false)
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchmarkError("`\(name)` ended with status \(process.terminationStatus)")
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The same, and nothing when the program is missing or fails.
    package static func output(_ name: String, _ arguments: [String]) -> String {
        (try? run(name, arguments)) ?? ""
    }

    /// Starts a program, found along PATH unless `name` holds a slash, its standard output in a pipe.
    ///
    /// - Parameter isQuiet: whether what it complains about is thrown away.
    package static func start(
        _ name: String, _ arguments: [String], isQuiet: Bool = true
    ) throws -> (process: Process, output: Pipe) {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: name.contains("/") ? name : "/usr/bin/env")
        process.arguments = name.contains("/") ? arguments : [name] + arguments
        process.standardOutput = pipe
        if isQuiet { process.standardError = FileHandle.nullDevice }
        do {
            try process.run()
        } catch {
            throw BenchmarkError("`\(name)` cannot be started: \(error)")
        }
        return (process, pipe)
    }
}

/// Why a benchmark could not measure.
package struct BenchmarkError: Error, CustomStringConvertible {
    /// In words.
    package let description: String

    /// An error that says this.
    package init(_ description: String) {
        self.description = description
    }
}
