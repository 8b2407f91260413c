// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Codecs
import Kernel

// Searching: every entity of the wanted type is decided about, so that the answer is complete.
extension OwnRules {
    /// Everything that would be permitted; nothing where the schema does not foresee the question.
    ///
    /// - Throws: `Fault.invalidInput` for a declared property of another type, and for circumstances that are missing;
    ///   `Fault.unavailable` when it is not complete in time.
    func search(_ search: SearchQuestion, until deadline: SearchDeadline = .none) throws -> SearchResult {
        let look = Look(deadline: deadline, context: search.context)
        switch search.target {
        case .subjects(let type, let action, let resource): return try subjects(type, action, resource, look)
        case .resources(let subject, let action, let type): return try resources(subject, action, type, look)
        case .actions(let subject, let resource): return try actions(subject, resource, look)
        }
    }

    private func subjects(
        _ type: String, _ action: NamedAction, _ resource: NamedThing, _ look: Look
    ) throws -> SearchResult {
        var result = SearchResult(resource: party(resource))
        let frame = try frame(action, look.context)
        guard let object = uid(resource) else { return result }
        let said = [entity(object, try said(resource, object, "resource.properties"))].compactMap { $0 }
        guard let frame, let type = store.types[Text(type)] else { return result }
        for id in store.ids[type] ?? [] {
            let principal = EntityUID(type: type, id: id)
            try look.deadline.check()
            try self.look(at: id, frame.request(principal, object), said, &result)
        }
        return result
    }

    private func resources(
        _ subject: NamedThing, _ action: NamedAction, _ type: String, _ look: Look
    ) throws -> SearchResult {
        var result = SearchResult(subject: party(subject))
        let frame = try frame(action, look.context)
        guard let principal = uid(subject) else { return result }
        let said = [entity(principal, try said(subject, principal, "subject.properties"))].compactMap { $0 }
        guard let frame, let type = store.types[Text(type)] else { return result }
        for id in store.ids[type] ?? [] {
            try look.deadline.check()
            try self.look(at: id, frame.request(principal, EntityUID(type: type, id: id)), said, &result)
        }
        return result
    }

    private func actions(
        _ subject: NamedThing, _ resource: NamedThing, _ look: Look
    ) throws -> SearchResult {
        var result = SearchResult(subject: party(subject), resource: party(resource))
        guard let principal = uid(subject), let object = uid(resource) else { return result }
        let said = try said(subject, principal, resource, object)
        for name in store.actions.keys.sorted() {
            // An action whose properties must be named cannot be asked for without them, so it is not permitted.
            guard let frame = try frame(name, nil, look.context, isDemanding: false) else { continue }
            try look.deadline.check()
            try self.look(at: name, frame.request(principal, object), said, &result)
        }
        return result
    }

    private func look(at id: Text, _ request: Request, _ said: [Entity], _ result: inout SearchResult) throws {
        guard (try? store.schema.validate(request)) != nil else { return }
        result.candidates += 1
        let answer = try answer(request, said)
        guard answer.isAllowed else { return }
        result.found.append(id.string)
        result.policies.formUnion(answer.policies.map(\.string))
    }
}

/// What holds for a search as a whole.
private struct Look {
    let deadline: SearchDeadline
    let context: JSONNode?
}

/// The part of a request that is the same for all candidates.
private struct Frame {
    let action: EntityUID
    let context: [Text: Value]

    func request(_ principal: EntityUID, _ resource: EntityUID) -> Request {
        Request(principal: principal, action: action, resource: resource, context: context)
    }
}

extension OwnRules {
    /// Nil for an action that is not declared.
    private func frame(_ action: NamedAction, _ context: JSONNode?) throws -> Frame? {
        try frame(Text(action.name), action, context, isDemanding: true)
    }

    /// - Parameter isDemanding: whether circumstances that are missing are an error; else there is no frame.
    private func frame(
        _ name: Text, _ action: NamedAction?, _ context: JSONNode?, isDemanding: Bool
    ) throws -> Frame? {
        guard let uid = store.actions[name], let type = store.schema.actions[uid] else { return nil }
        let (record, missing) = try self.context(type, action, context)
        if let missing {
            guard isDemanding else { return nil }
            throw Fault(.invalidInput, "`context.\(missing)` is missing: the schema demands it.")
        }
        return Frame(action: uid, context: record)
    }
}
