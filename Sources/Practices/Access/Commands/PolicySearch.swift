// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import CedarPolicy
import Codecs
import Kernel

/// `salus policy search`: who may do something to a resource, of all that are known.
struct PolicySearch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "List everybody of a type whom policies in files allow an action.",
        discussion: """
            Asks about each entity of the type in the file of entities, one after the other. The list is complete or \
            there is none: a policy that cannot be evaluated for somebody ends the command. Needs no data folder and \
            writes no evidence.

            EXIT STATUS: 0 a complete list, perhaps an empty one; 1 something in a file is wrong, or a policy cannot be \
            evaluated; 2 wrong usage.
            """)

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("The policies.", valueName: "file"), completion: .file())
    var policies: [String]

    @Option(help: ArgumentHelp("What is known, a JSON array of entities.", valueName: "file"), completion: .file())
    var entities: String

    @Option(
        help: ArgumentHelp(
            "The schema that entities and requests must keep to; then they need no __entity and __extn.",
            valueName: "file"), completion: .file())
    var schema: String?

    @Option(help: ArgumentHelp("What they want to do: 'Action::\"read\"'.", valueName: "entity"))
    var action: String

    @Option(help: ArgumentHelp("To what: 'Chart::\"17\"'.", valueName: "entity"))
    var resource: String

    @Option(help: ArgumentHelp("Who is asked about: Nurse.", valueName: "type"))
    var type: String

    @Option(help: ArgumentHelp("The circumstances, a JSON object.", valueName: "file"), completion: .file())
    var context: String?

    @Flag(help: "Print JSON for other programs to read.")
    var json = false

    func run() async throws {
        guard let wanted = TypeName(Text(type)) else {
            throw ArgumentParser.ValidationError("--type is no name of a type such as Nurse.")
        }
        let files = try PolicyFiles(policies)
        let schema = try schema.map { try TextFile($0).schema() }
        if let schema, schema.entityTypes[wanted] == nil {
            Terminal.complain("--type: the schema has no entities of type \(TerminalText.harmless(type)).")
            throw ExitCode.failure
        }
        let known = try TextFile(entities).read { bytes in
            if let schema { try Entities(json: bytes, schema: schema) } else { try Entities(json: bytes) }
        }
        let asked = known.all.map(\.uid).filter { $0.type == wanted }.sorted()
        if asked.isEmpty {
            Terminal.complain(
                "note: \(TerminalText.harmless(entities)) has no entity of type \(TerminalText.harmless(type)).")
        }
        let authorizer = try CompiledAuthorizer(files.policies, known.all)
        var found: [(subject: EntityUID, reasons: [Text])] = []
        for subject in asked {
            let response = authorizer.decide(try request(subject, schema))
            try refuseParts(response, subject, files)
            if response.decision == .allow { found.append((subject, response.reasons)) }
        }
        if json { Terminal.json(object(found, asked.count, files)) } else { say(found, asked.count, files) }
    }

    private func request(_ subject: EntityUID, _ schema: Schema?) throws -> Request {
        let (what, which) = try (
            QuestionOptions.entity("--action", action), QuestionOptions.entity("--resource", resource)
        )
        let file = try context.map { try TextFile($0) } ?? TextFile.noContext
        return try file.read { bytes in
            guard let schema else {
                return try Request(
                    principal: subject, action: what, resource: which, contextJSON: bytes, escapes: .refuse)
            }
            return try Request(
                principal: subject, action: what, resource: which, contextJSON: bytes, schema: schema,
                escapes: .refuse)
        }
    }

    /// A policy that was left out might have allowed or forbidden: without it the list would be a part.
    private func refuseParts(_ response: Response, _ subject: EntityUID, _ files: PolicyFiles) throws {
        guard let error = response.errors.first else { return }
        Terminal.complain(
            files.complaint(
                "\(files.title(of: error.policy)) cannot be evaluated for \(subject): \(error.error.reason)",
                error.error.position))
        Terminal.complain("No list: it would not be complete.")
        throw ExitCode.failure
    }

    private func say(_ found: [(subject: EntityUID, reasons: [Text])], _ asked: Int, _ files: PolicyFiles) {
        for (subject, reasons) in found {
            let rules = reasons.map { files.title(of: $0) }.joined(separator: ", ")
            Terminal.line(TerminalText.harmless("\(subject) because of \(rules)"))
        }
        Terminal.line("complete: \(found.count) of \(asked) are allowed")
    }

    private func object(
        _ found: [(subject: EntityUID, reasons: [Text])], _ asked: Int, _ files: PolicyFiles
    ) -> CanonicalValue {
        [
            "asked": .integer(Int64(asked)), "complete": true,
            "subjects": .array(
                found.map { subject, reasons in
                    [
                        "type": .string(subject.type.text.string), "id": .string(subject.id.string),
                        "reasons": .array(reasons.map { .object(files.members(of: $0)) }),
                    ]
                }),
        ]
    }
}
