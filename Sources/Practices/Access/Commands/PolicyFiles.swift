// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import CedarPolicy
import Codecs

/// Files of policies that decide together, as one text: a policy's number counts through all of them.
struct PolicyFiles {
    let policies: PolicySet
    private let files: [TextFile]
    /// The line of the whole text on which each file begins, from 0.
    private let starts: [Int]

    /// Reads text, and JSON from a file whose name ends in `.json`, which then must be the only one.
    ///
    /// - Throws: `Fault` for a file that cannot be read, `ExitCode` after a complaint about what is in it.
    init(_ paths: [String]) throws {
        let files = try paths.map { try TextFile($0) }
        if let only = files.first, files.count == 1 {
            let isJSON = only.path.hasSuffix(".json")
            policies = try only.read { try isJSON ? PolicySet(json: $0) : PolicySet(parsing: $0) }
            starts = [0]
        } else {
            if files.contains(where: { $0.path.hasSuffix(".json") }) {
                throw ArgumentParser.ValidationError("A file of policies in JSON must be the only one.")
            }
            var text: [UInt8] = []
            var starts: [Int] = []
            var line = 0
            for file in files {
                _ = try file.read { try PolicySet(parsing: $0) }
                starts.append(line)
                text += file.bytes + [0x0A]
                line += file.bytes.count { $0 == 0x0A } + 1
            }
            self.starts = starts
            policies = try TextFile(joining: text).read { try PolicySet(parsing: $0) }
        }
        self.files = files
    }

    /// Reads policies that must fit a schema.
    ///
    /// - Throws: as ``init(_:)``, and `ExitCode` after a complaint about each mistake.
    init(_ paths: [String], fitting schema: Schema) throws {
        try self.init(paths)
        let errors = SameError.grouped(schema.validate(policies).errors)
        for same in errors {
            let environment = same.environment.map { " (for \($0))" } ?? ""
            Terminal.complain(
                complaint("\(title(of: same.error.policy)): \(same.reason)\(environment)", same.error.position))
        }
        guard errors.isEmpty else { throw ExitCode.failure }
    }

    /// `file:line:column` of a place in the whole text.
    func place(_ position: Position) -> String {
        let (file, line) = located(position)
        return "\(TerminalText.harmless(file.path)):\(line):\(position.column)"
    }

    /// What is wrong at a place in the whole text, with the line and a caret.
    func complaint(_ reason: String, _ position: Position) -> String {
        let (file, line) = located(position)
        return file.complaint(reason, line: line, column: position.column)
    }

    private func located(_ position: Position) -> (TextFile, Int) {
        let index = starts.lastIndex { $0 < position.line } ?? 0
        return (files[index], position.line - starts[index])
    }

    /// The policy's id, and the value of its `@id` annotation by which people know it.
    func title(of policy: Text) -> String {
        name(of: policy).map { "\(policy) (\($0))" } ?? "\(policy)"
    }

    /// The same as members of a JSON object.
    func members(of policy: Text) -> [CanonicalMember] {
        [.init("policy", .string(policy.string))] + (name(of: policy).map { [.init("id", .string($0))] } ?? [])
    }

    private func name(of policy: Text) -> String? {
        let all = policies.policies + policies.templates
        return all.first { $0.id == policy }?.annotations.first { $0.name == "id" }?.value.string
    }
}
