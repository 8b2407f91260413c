// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// A request together with everything that rules may look at to decide it.
struct Question: Sendable {
    let request: Request
    /// The entities of principal and resource; those of the actions are the rule book's.
    let known: [Entity]

    /// A question.
    ///
    /// - Parameter known: the entities of principal and resource.
    init(principal: EntityUID, action: Action, resource: EntityUID, circumstances: Circumstances, known: [Entity]) {
        request = Request(
            principal: principal, action: .action(action.id), resource: resource, context: circumstances.record)
        self.known = known
    }

    /// The oracle for this question, which can say what a rule lacked.
    ///
    /// - Throws: `Fault.internal` when the entities contradict each other.
    func evaluator() throws -> Evaluator {
        do {
            return Evaluator(request: request, entities: try Entities(known + HouseSchema.actions()))
        } catch {
            throw Fault(.internal, "The rules were told two things about one entity.", cause: error)
        }
    }
}

/// When and how somebody asks: the context of the schema.
struct Circumstances: Sendable {
    var now: Instant
    var secondFactor: Bool
    var careTeams: Bool

    var record: [Text: Value] {
        ["now": Value(now), "secondFactor": .bool(secondFactor), "careTeams": .bool(careTeams)]
    }
}
