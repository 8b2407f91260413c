// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building

/// `salus policy corpus`: Cedar's own tests against this program.
struct PolicyCorpus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corpus", abstract: "Answer Cedar's own integration tests and compare every answer.",
        discussion: """
            The folder is that of github.com/cedar-policy/cedar-integration-tests: it holds corpus-tests.tar.gz, which \
            is read as it is, and the hand-written tests. Needs no data folder and writes no evidence.

            EXIT STATUS: 0 every answer is the expected one, 1 some differ.
            """)

    @Argument(help: "The folder with the tests.", completion: .directory)
    var folder: String

    func run() async throws {
        let corpus = CorpusFolder(folder)
        let written = try corpus.checkHandWritten()
        var bar: TerminalProgress?
        let generated = try corpus.checkGenerated { done, total in
            if bar == nil { bar = TerminalProgress("Answering", total: Int64(total)) }
            bar?.show(Int64(done), "\(done) of \(total) tests")
        }
        bar?.finish()
        let faults = written.faults + generated.faults
        for fault in faults { Terminal.complain(TerminalText.harmless(fault)) }
        Terminal.line("hand-written: \(written.summary)")
        Terminal.line(generated.summary)
        if !faults.isEmpty { throw ExitCode.failure }
    }
}
