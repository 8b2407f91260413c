// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Codecs
import Kernel

/// Answers an application by its own schema, policies and entities.
struct OwnRules: Sendable {
    let store: PolicyStore
    /// Whose they are.
    let application: Application
    private var reader: PropertyReader { PropertyReader(schema: store.schema) }

    init(_ store: PolicyStore, of application: Application) {
        self.store = store
        self.application = application
    }

    /// The answer to one question. What the schema does not foresee is denied, and the answer says so.
    ///
    /// - Throws: `Fault.invalidInput` for a declared property of another type, and for circumstances that are missing.
    func decide(_ question: EvaluationQuestion, explaining: Bool) throws -> Verdict {
        var verdict = try verdict(question, explaining: explaining)
        verdict.subject = party(question.subject)
        verdict.resource = party(question.resource)
        return verdict
    }

    private func verdict(_ question: EvaluationQuestion, explaining: Bool) throws -> Verdict {
        guard let uid = store.actions[Text(question.action.name)], let action = store.schema.actions[uid] else {
            return Self.unforeseen("No such action is declared.")
        }
        guard let principal = self.uid(question.subject), let resource = self.uid(question.resource) else {
            return Self.unforeseen("No such type is declared.")
        }
        let context = try context(action, question.action, question.context)
        let said = try said(question.subject, principal, question.resource, resource)
        if let missing = context.missing {
            throw Fault(.invalidInput, "`context.\(missing)` is missing: the schema demands it.")
        }
        let request = Request(principal: principal, action: uid, resource: resource, context: context.record)
        do throws(ConformanceError) {
            try store.schema.validate(request)
        } catch {
            return Self.unforeseen("The schema does not foresee this question: \(error).")
        }
        let answer = try answer(request, said)
        if answer.isAllowed || !answer.policies.isEmpty || !answer.errors.isEmpty || !explaining {
            return store.words(for: answer)
        }
        return store.nearest(request, said)
    }

    private static func unforeseen(_ reason: String) -> Verdict {
        Verdict(isAllowed: false, reason: reason)
    }

    func party(_ thing: NamedThing) -> Party {
        Party(scope: application.id.description, type: thing.type, id: thing.id)
    }

    /// The entity that a program means; nil where no such type is declared.
    func uid(_ thing: NamedThing) -> EntityUID? {
        store.types[Text(thing.type)].map { EntityUID(type: $0, id: Text(thing.id)) }
    }
}

// What the program sends with a question.
extension OwnRules {
    /// The circumstances of a question, and the first that must be there and is not.
    ///
    /// A record that is declared as `context.action` holds the properties of the action; all else is the context's.
    func context(
        _ type: ActionType, _ action: NamedAction?, _ context: JSONNode?
    ) throws -> (record: [Text: Value], missing: Text?) {
        var declared = type.context
        var record: [Text: Value] = [:]
        if case .record(let properties) = declared["action"]?.type {
            declared["action"] = nil
            if let node = action?.properties {
                guard let value = reader.value(node, .record(properties)) else {
                    throw Fault(.invalidInput, "`action.properties` are not as the schema declares `context.action`.")
                }
                record["action"] = value
            }
        }
        if let context, !declared.isEmpty {
            record.merge(try reader.attributes(context, declared, of: "context")) { _, new in new }
        }
        let missing = type.context.keys.sorted().first { type.context[$0]?.isRequired == true && record[$0] == nil }
        return (record, missing)
    }

    /// The entities as the program says they are: what it sends, over what is stored.
    func said(
        _ subject: NamedThing, _ principal: EntityUID, _ object: NamedThing, _ resource: EntityUID
    ) throws -> [Entity] {
        let first = try said(subject, principal, "subject.properties")
        let second = try said(object, resource, "resource.properties")
        guard principal == resource, !first.isEmpty, !second.isEmpty else {
            return [entity(principal, first), entity(resource, second)].compactMap { $0 }
        }
        guard first.allSatisfy({ second[$0.key] == nil || second[$0.key] == $0.value }) else {
            throw Fault(.invalidInput, "`subject` and `resource` are the same and have different properties.")
        }
        return [entity(principal, first.merging(second) { _, new in new })].compactMap { $0 }
    }

    func said(_ thing: NamedThing, _ uid: EntityUID, _ place: String) throws -> [Text: Value] {
        guard let properties = thing.properties, let type = store.schema.entityTypes[uid.type], !type.attributes.isEmpty
        else { return [:] }
        return try reader.attributes(properties, type.attributes, of: place)
    }

    func entity(_ uid: EntityUID, _ said: [Text: Value]) -> Entity? {
        guard !said.isEmpty else { return nil }
        let known = store.entities[uid]
        return Entity(
            uid: uid, attributes: (known?.attributes ?? [:]).merging(said) { _, new in new }, tags: known?.tags ?? [:],
            parents: known?.parents ?? [])
    }
}

/// What the policies say to a request.
struct PolicyAnswer: Sendable {
    let isAllowed: Bool
    /// Those that decided.
    let policies: [Text]
    /// Those that forbid and could not be evaluated: they make it a denial.
    let errors: [Text]
}

extension OwnRules {
    /// Decides, as the house does: a `forbid` that could not be evaluated denies, where Cedar would leave it out.
    func answer(_ request: Request, _ said: [Entity]) throws -> PolicyAnswer {
        let response: Response
        do throws(EntitiesError) {
            response =
                said.isEmpty ? store.compiled.decide(request) : try store.compiled.decide(request, with: said)
        } catch {
            throw Fault(.internal, "The entities of a question contradict each other.", cause: error)
        }
        let errors = response.errors.map(\.policy).filter { store.byID[$0]?.effect == .forbid }
        return PolicyAnswer(
            isAllowed: response.decision == .allow && errors.isEmpty, policies: response.reasons, errors: errors)
    }
}
