// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Codecs
import Kernel

// Searching: every entity of the wanted type is decided about, so that the answer is complete.
extension OwnRules {
    /// Everything that would be permitted; nothing where the schema does not foresee the question.
    ///
    /// - Throws: `Fault.invalidInput` for a declared property of another type, and for circumstances that are missing.
    func search(_ search: SearchQuestion) throws -> SearchResult {
        switch search.target {
        case .subjects(let type, let action, let resource):
            return try subjects(type, action, resource, search.context)
        case .resources(let subject, let action, let type):
            return try resources(subject, action, type, search.context)
        case .actions(let subject, let resource): return try actions(subject, resource, search.context)
        }
    }

    private func subjects(
        _ type: String, _ action: NamedAction, _ resource: NamedThing, _ context: JSONNode?
    ) throws -> SearchResult {
        var result = SearchResult(resource: party(resource))
        let frame = try frame(action, context)
        guard let object = uid(resource) else { return result }
        let said = [entity(object, try said(resource, object, "resource.properties"))].compactMap { $0 }
        guard let frame, let type = store.types[Text(type)] else { return result }
        for id in store.ids[type] ?? [] {
            let principal = EntityUID(type: type, id: id)
            try look(at: id, frame.request(principal, object), said, &result)
        }
        return result
    }

    private func resources(
        _ subject: NamedThing, _ action: NamedAction, _ type: String, _ context: JSONNode?
    ) throws -> SearchResult {
        var result = SearchResult(subject: party(subject))
        let frame = try frame(action, context)
        guard let principal = uid(subject) else { return result }
        let said = [entity(principal, try said(subject, principal, "subject.properties"))].compactMap { $0 }
        guard let frame, let type = store.types[Text(type)] else { return result }
        for id in store.ids[type] ?? [] {
            try look(at: id, frame.request(principal, EntityUID(type: type, id: id)), said, &result)
        }
        return result
    }

    private func actions(
        _ subject: NamedThing, _ resource: NamedThing, _ context: JSONNode?
    ) throws -> SearchResult {
        var result = SearchResult(subject: party(subject), resource: party(resource))
        guard let principal = uid(subject), let object = uid(resource) else { return result }
        let said = try said(subject, principal, resource, object)
        for name in store.actions.keys.sorted() {
            // An action whose properties must be named cannot be asked for without them, so it is not permitted.
            guard let frame = try frame(name, nil, context, isDemanding: false) else { continue }
            try look(at: name, frame.request(principal, object), said, &result)
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
