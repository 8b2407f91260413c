// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import CedarPolicy
import Codecs
import Kernel

/// `salus policy impact`: what is different under other policies.
struct PolicyImpact: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "impact", abstract: "Say which requests are decided differently by other policies.",
        discussion: """
            Asks both about every principal, action and resource that the schema lets go together among the entities, \
            and lists every difference: the list is complete. Both must fit the schema, or names that nobody has would pass \
            for access that somebody loses. Needs no data folder and writes no evidence.

            EXIT STATUS: 0 compared, 1 something in a file is wrong, 2 wrong usage, 4 too many requests to ask.
            """)

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("The policies now.", valueName: "file"), completion: .file())
    var before: [String]

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("The other policies.", valueName: "file"), completion: .file())
    var after: [String]

    @Option(help: ArgumentHelp("The schema.", valueName: "file"), completion: .file())
    var schema: String

    @Option(help: ArgumentHelp("What is known, a JSON array of entities.", valueName: "file"), completion: .file())
    var entities: String

    @Option(
        help: ArgumentHelp("The circumstances of every request, a JSON object.", valueName: "file"),
        completion: .file())
    var context: String?

    @Flag(help: "Print JSON for other programs to read.")
    var json = false

    private static let limit = 100_000_000

    func run() async throws {
        let schema = try TextFile(schema).schema()
        let (before, after) = (try PolicyFiles(before, fitting: schema), try PolicyFiles(after, fitting: schema))
        let known = try TextFile(entities).read { try Entities(json: $0, schema: schema) }.all.sorted {
            $0.uid < $1.uid
        }
        let circumstances = try context.map { path in
            try TextFile(path).read { bytes in
                try Request(
                    principal: EntityUID(type: CedarType.person, id: ""), action: .action(""),
                    resource: SurveyQuestions.institution, contextJSON: bytes, escapes: .refuse
                ).context
            }
        }
        // Rules about a group of actions reach its members.
        let actions = schema.actions.map { Entity(uid: $0.key, parents: $0.value.parents) }
        let all = known.filter { !$0.uid.type.isAction } + actions
        let (old, new) = (
            try CompiledAuthorizer(before.policies, all), try CompiledAuthorizer(after.policies, all)
        )
        var gained: [Request] = []
        var lost: [Request] = []
        var count = 0
        for requests in try Self.requests(schema, known, circumstances ?? [:]) {
            for request in requests {
                count += 1
                let (was, would) = (old.decide(request).decision, new.decide(request).decision)
                guard was != would else { continue }
                if would == .allow { gained.append(request) } else { lost.append(request) }
            }
        }
        if json {
            Terminal.json([
                "complete": .boolean(true), "decisions": .integer(Int64(count)),
                "gained": .array(gained.map(Self.value)), "lost": .array(lost.map(Self.value)),
            ])
            return
        }
        for request in gained { Self.say("gained", request) }
        for request in lost { Self.say("lost", request) }
        Terminal.line("\(count) decisions compared, which is all: \(gained.count) gained, \(lost.count) lost")
    }

    /// For each action and principal the requests about every resource.
    private static func requests(
        _ schema: Schema, _ known: [Entity], _ context: [Text: Value]
    ) throws -> some Sequence<[Request]> {
        let byType = Dictionary(grouping: known.map(\.uid), by: \.type)
        func all(_ types: Set<TypeName>) -> [EntityUID] { types.flatMap { byType[$0] ?? [] }.sorted() }
        let actions = schema.actions.sorted { $0.key < $1.key }
        var size = 0
        for (_, type) in actions {
            let (product, overflow) = all(type.principals).count.multipliedReportingOverflow(
                by: all(type.resources).count)
            size = overflow ? limit + 1 : min(limit + 1, size + product)
        }
        guard size <= limit else {
            throw Fault(
                .refused, "This is too large to compute here: more than \(limit) requests. Take fewer entities.")
        }
        return actions.lazy.flatMap { action, type in
            let resources = all(type.resources)
            return all(type.principals).lazy.map { principal in
                resources.map { Request(principal: principal, action: action, resource: $0, context: context) }
            }
        }
    }

    private static func say(_ word: String, _ request: Request) {
        Terminal.line(
            TerminalText.harmless("\(word): \(request.principal) \(request.action) \(request.resource)"))
    }

    private static func value(_ request: Request) -> CanonicalValue {
        [
            "action": .string("\(request.action)"), "principal": .string("\(request.principal)"),
            "resource": .string("\(request.resource)"),
        ]
    }
}
