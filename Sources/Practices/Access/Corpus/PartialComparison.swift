// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// Hides parts of requests and entities, one after the other and all at once, and looks whether what is left of policies
/// that fit their schema gives the answer that the policies give.
struct PartialComparison {
    private let authorizer: PartialAuthorizer
    private let entities: Entities
    private let known: PartialEntities
    /// The same without attributes and tags, without ancestors, and with nothing known at all.
    private let hidden: [PartialEntities]

    init(_ policies: PolicySet, _ schema: Schema, _ entities: Entities) throws {
        authorizer = try PartialAuthorizer(policies, schema: schema)
        self.entities = entities
        known = try PartialEntities(entities, schema: schema)
        let uids = entities.all.map(\.uid)
        hidden = [
            try PartialEntities(
                entities.all.map { entity in
                    let above = Set(entities.all.flatMap(\.parents) + uids).filter {
                        $0 != entity.uid && entities.is(entity.uid, within: $0)
                    }
                    return PartialEntity(uid: entity.uid, ancestors: above)
                }, schema: schema),
            try PartialEntities(
                entities.all.map { PartialEntity(uid: $0.uid, attributes: $0.attributes, tags: $0.tags) },
                schema: schema),
            try PartialEntities([PartialEntity](), schema: schema),
        ]
    }

    /// How many of the ways to hide something lead to another answer, and how many decide with something hidden.
    func differences(_ request: Request, _ expected: Response) throws -> (wrong: Int, decided: Int, tried: Int) {
        let principal = PartialEntityUID.unknown(request.principal.type)
        let resource = PartialEntityUID.unknown(request.resource.type)
        let nobody = PartialRequest(principal: principal, action: request.action, resource: resource)
        let all = PartialRequest(request)
        let questions = [
            PartialRequest(
                principal: principal, action: request.action, resource: .known(request.resource),
                context: request.context),
            PartialRequest(
                principal: .known(request.principal), action: request.action, resource: resource,
                context: request.context),
            PartialRequest(
                principal: .known(request.principal), action: request.action, resource: .known(request.resource)),
            nobody,
        ]
        let ways = questions.map { ($0, known) } + hidden.map { (all, $0) } + hidden.suffix(1).map { (nobody, $0) }
        var (wrong, decided) = (0, 0)
        for (question, entities) in ways {
            let response = try authorizer.decide(question, entities)
            if response.decision != nil { decided += 1 }
            let isRight = response.decision.map { $0 == expected.decision } ?? true
            if try !isRight || response.reauthorize(request, self.entities) != expected { wrong += 1 }
        }
        return (wrong, decided, ways.count)
    }
}
