// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import CedarPolicy

/// What is asked: a file with all of it, or its parts.
struct QuestionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The request as JSON: principal, action, resource and perhaps context.", valueName: "file"),
        completion: .file())
    var request: String?

    @Option(help: ArgumentHelp("Who asks, as policies write it: 'Nurse::\"mara\"'.", valueName: "entity"))
    var principal: String?

    @Option(help: ArgumentHelp("What they want to do: 'Action::\"read\"'.", valueName: "entity"))
    var action: String?

    @Option(help: ArgumentHelp("To what: 'Chart::\"17\"'.", valueName: "entity"))
    var resource: String?

    @Option(help: ArgumentHelp("The circumstances, a JSON object.", valueName: "file"), completion: .file())
    var context: String?

    @Flag(help: "Let the context name entities and extension values (__entity, __extn): only for files you trust.")
    var trustContext = false

    mutating func validate() throws {
        let parts = [principal, action, resource]
        let isComplete = parts.allSatisfy { $0 != nil }
        let isEmpty = parts.allSatisfy { $0 == nil } && context == nil
        guard request == nil ? isComplete : isEmpty else {
            throw ArgumentParser.ValidationError("Say either --request, or --principal, --action and --resource.")
        }
    }

    /// The request that the options name.
    ///
    /// - Throws: `Fault` for a file that cannot be read, `ExitCode` after a complaint about what is in it, and
    ///   `ValidationError` for an entity that is none.
    func read(_ schema: Schema?) throws -> Request {
        let escapes: Escapes = trustContext ? .read : .refuse
        if let request {
            return try TextFile(request).read { bytes in
                if let schema { return try Request(json: bytes, schema: schema, escapes: escapes) }
                return try Request(json: bytes, escapes: escapes)
            }
        }
        let (who, what, which) = try (
            Self.entity("--principal", principal), Self.entity("--action", action),
            Self.entity("--resource", resource)
        )
        let file = try context.map { try TextFile($0) } ?? TextFile.noContext
        return try file.read { bytes in
            guard let schema else {
                return try Request(principal: who, action: what, resource: which, contextJSON: bytes, escapes: escapes)
            }
            return try Request(
                principal: who, action: what, resource: which, contextJSON: bytes, schema: schema, escapes: escapes)
        }
    }

    /// The entity that an option names.
    ///
    /// - Throws: `ValidationError` for what is none.
    static func entity(_ option: String, _ text: String?) throws -> EntityUID {
        do {
            return try EntityUID(parsing: text ?? "")
        } catch {
            let (reason, column) = (TerminalText.harmless("\(error.reason)"), error.position.column)
            throw ArgumentParser.ValidationError(
                "\(option) is no entity such as Nurse::\"mara\": \(reason) at column \(column).")
        }
    }
}
