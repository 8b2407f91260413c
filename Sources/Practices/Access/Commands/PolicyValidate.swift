// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import CedarPolicy
import Codecs

/// `salus policy validate`: what a schema has to say about policies.
struct PolicyValidate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check policies in files against a schema.",
        discussion: """
            Policies that validate cannot fail on requests and data that fit the schema, but for numbers that become too \
            large and for entities without data. A schema is Cedar text, or JSON in a file that ends in .json, and so \
            are policies. Needs no data folder and writes no evidence.

            EXIT STATUS: 0 valid, perhaps with warnings; 1 not valid, or something in a file is wrong; 2 wrong usage.
            """)

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("The policies.", valueName: "file"), completion: .file())
    var policies: [String]

    @Option(help: ArgumentHelp("The schema.", valueName: "file"), completion: .file())
    var schema: String

    @Flag(help: "Print JSON for other programs to read.")
    var json = false

    func run() async throws {
        let files = try PolicyFiles(policies)
        let schema = try TextFile(schema).schema()
        let result = schema.validate(files.policies)
        if json {
            Terminal.json([
                "errors": .array(result.errors.map { Finding($0).json(files) }), "valid": .boolean(result.isValid),
                "warnings": .array(result.warnings.map { Finding($0).json(files) }),
            ])
        } else {
            let errors = SameError.grouped(result.errors)
            for error in errors { Terminal.line(Finding(error).text("error", files)) }
            for warning in result.warnings { Terminal.line(Finding(warning).text("warning", files)) }
            let verdict = result.isValid ? "valid" : "not valid"
            Terminal.line("\(verdict): \(errors.count) errors, \(result.warnings.count) warnings")
        }
        if !result.isValid { throw ExitCode.failure }
    }
}

/// One error or warning.
private struct Finding {
    let policy: Text
    let position: Position
    let reason: String

    init(_ error: CedarPolicy.ValidationError) {
        policy = error.policy
        position = error.position
        reason = "\(error.reason)" + (error.environment.map { " (for \($0))" } ?? "")
    }

    init(_ same: SameError) {
        policy = same.error.policy
        position = same.error.position
        reason = same.reason + (same.environment.map { " (for \($0))" } ?? "")
    }

    init(_ warning: ValidationWarning) {
        policy = warning.policy
        position = warning.position
        reason = "\(warning.reason)"
    }

    func text(_ kind: String, _ files: PolicyFiles) -> String {
        files.complaint("\(kind): \(files.title(of: policy)): \(reason)", position)
    }

    func json(_ files: PolicyFiles) -> CanonicalValue {
        .object(
            files.members(of: policy) + [.init("at", .string(files.place(position))), .init("text", .string(reason))])
    }
}
