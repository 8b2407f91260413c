// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import CedarPolicy
import Foundation
import Kernel

/// `salus policy format`: policies in their usual form.
struct PolicyFormat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "format", abstract: "Write policies in their usual form: other spaces, same policies.",
        discussion: """
            Prints the policies of all files; with --write each file is rewritten, with --check nothing is but the names \
            of the files that would change. Needs no data folder and writes no evidence.

            EXIT STATUS: 0 done; 1 a file would change (with --check), or something in one is wrong; 2 wrong usage.
            """)

    @Argument(help: "Files of policies; - is the standard input.", completion: .file())
    var files: [String]

    @Flag(help: "Only say which files would change.")
    var check = false

    @Flag(help: "Rewrite the files.")
    var write = false

    mutating func validate() throws {
        if check, write { throw ArgumentParser.ValidationError("Say either --check or --write.") }
        if write, files.contains("-") {
            throw ArgumentParser.ValidationError("The standard input cannot be rewritten.")
        }
    }

    func run() async throws {
        let results = try files.map { path in
            let file = try TextFile(path)
            return (file, try file.read { try PolicyFormatter().format($0) })
        }
        if write {
            for (file, text) in results where file.bytes != text { try replace(file.path, text) }
        } else if check {
            let changing = results.filter { file, text in file.bytes != text }
            for (file, _) in changing { Terminal.line(TerminalText.harmless(file.path)) }
            if !changing.isEmpty { throw ExitCode.failure }
        } else {
            for (_, text) in results { FileHandle.standardOutput.write(Data(text)) }
        }
    }

    /// Puts the whole new file in the place of the old one, so that a full disk leaves the old one.
    private func replace(_ path: String, _ text: [UInt8]) throws {
        do {
            try Data(text).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw Fault(.unavailable, "\(TerminalText.harmless(path)) cannot be written.", cause: error)
        }
        Terminal.line("formatted \(TerminalText.harmless(path))")
    }
}
