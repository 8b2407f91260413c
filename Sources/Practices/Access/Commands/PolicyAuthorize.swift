// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import CedarPolicy
import Codecs

/// `salus policy authorize`: what policies say to one request.
struct PolicyAuthorize: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "authorize", abstract: "Decide one request by policies in files, and say why.",
        discussion: """
            Policies are Cedar text, or JSON from a file that ends in .json; several files count as one. \
            Needs no data folder and writes no evidence.

            EXIT STATUS: 0 allowed, 4 denied; 1 something in a file is wrong, 2 wrong usage.
            """)

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("The policies.", valueName: "file"), completion: .file())
    var policies: [String]

    @Option(help: ArgumentHelp("What is known, a JSON array of entities.", valueName: "file"), completion: .file())
    var entities: String?

    @Option(
        help: ArgumentHelp(
            "The schema that entities and request must keep to; then they need no __entity and __extn.",
            valueName: "file"), completion: .file())
    var schema: String?

    @OptionGroup var question: QuestionOptions

    @Flag(help: "Print JSON for other programs to read.")
    var json = false

    func run() async throws {
        let policies = try PolicyFiles(policies)
        let schema = try schema.map { try TextFile($0).schema() }
        let file = try entities.map { try TextFile($0) } ?? TextFile(joining: Array("[]".utf8), path: "<no entities>")
        let known = try file.read { bytes in
            if let schema { try Entities(json: bytes, schema: schema) } else { try Entities(json: bytes) }
        }
        let response = policies.policies.decide(try question.read(schema), known)
        if json { Terminal.json(object(response, policies)) } else { say(response, policies) }
        if response.decision == .deny { throw ExitCode(4) }
    }

    private func say(_ response: Response, _ files: PolicyFiles) {
        Terminal.line(response.decision.rawValue)
        for id in response.reasons { Terminal.line(TerminalText.harmless("because of \(files.title(of: id))")) }
        if response.reasons.isEmpty { Terminal.line("because no policy permits it") }
        for error in response.errors {
            let place = files.place(error.error.position)
            let text = "left out: \(files.title(of: error.policy)), \(place): \(error.error.reason)"
            Terminal.line(TerminalText.harmless(text))
        }
    }

    private func object(_ response: Response, _ files: PolicyFiles) -> CanonicalValue {
        [
            "decision": .string(response.decision.rawValue),
            "reasons": .array(response.reasons.map { .object(files.members(of: $0)) }),
            "errors": .array(
                response.errors.map { error in
                    .object(
                        files.members(of: error.policy) + [
                            .init("at", .string(files.place(error.error.position))),
                            .init("error", .string("\(error.error.reason)")),
                        ])
                }),
        ]
    }
}
