// SPDX-License-Identifier: Apache-2.0

import Codecs

extension PolicySet {
    /// Reads policies, templates and links (Cedar reference, "Representing a policy set with JSON").
    ///
    /// - Throws: `SyntaxError` with the first thing that is wrong and where.
    public init(json bytes: [UInt8], limits: SyntaxLimits = .standard) throws(SyntaxError) {
        self = try PolicyReader.read(bytes, limits: limits) { reader, root throws(SyntaxError) in
            try reader.policySet(root)
        }
    }

    /// The set as JSON that reads back as an equal set. What came from a template is written as a link to it.
    public var json: [UInt8] {
        let linked = Set(links.map(\.id))
        var writer = PolicyWriter()
        writer.object(
            ("staticPolicies", { $0.policies(policies.filter { !linked.contains($0.id) }) }),
            ("templates", { $0.policies(templates) }),
            ("templateLinks", { $0.array(links) { $0.link($1) } }))
        return writer.bytes
    }
}

extension PolicyWriter {
    fileprivate mutating func policies(_ policies: [Policy]) {
        object(policies, name: \.id) { $0.policy($1) }
    }

    fileprivate mutating func link(_ link: TemplateLink) {
        let entities = Slot.allCases.compactMap { slot in link.entities[slot].map { (slot, $0) } }
        object(
            ("templateId", { $0.string(link.template) }), ("newId", { $0.string(link.id) }),
            ("values", { $0.object(entities, name: { Text("?" + $0.0.rawValue) }, { $0.entity($1.1) }) }))
    }
}

extension PolicyReader {
    fileprivate mutating func policySet(_ node: JSONNode) throws(SyntaxError) -> PolicySet {
        try check(node, ["staticPolicies", "templates", "templateLinks"])
        var set = PolicySet()
        try add("staticPolicies", of: node, to: &set)
        try add("templates", of: node, to: &set)
        for link in try elements(member("templateLinks", of: node)) { try add(link: link, to: &set) }
        return set
    }

    /// Policies by their ids. What has a slot is a template and nothing else is.
    private mutating func add(_ name: String, of node: JSONNode, to set: inout PolicySet) throws(SyntaxError) {
        let group = try member(name, of: node)
        guard group.kind == .object else { throw expected("an object", at: group) }
        for (id, content) in group.members {
            let policy = try policy(content, id: Text(id))
            if let slot = policy.slots.first, name == "staticPolicies" {
                throw failure(.misplacedSlot("?" + slot.rawValue), at: content)
            }
            if policy.slots.isEmpty, name == "templates" {
                throw failure(.expected("a template", found: "a policy without slots"), at: content)
            }
            guard set.add(policy) else { throw failure(.link(.idInUse(id)), at: content) }
        }
    }

    private func add(link node: JSONNode, to set: inout PolicySet) throws(SyntaxError) {
        try check(node, ["templateId", "newId", "values"])
        let values = try member("values", of: node)
        try check(values, [], optional: Slot.allCases.map { "?" + $0.rawValue })
        var entities: [Slot: EntityUID] = [:]
        for slot in Slot.allCases {
            if let value = values["?" + slot.rawValue] { entities[slot] = try entity(value) }
        }
        let template = try text(member("templateId", of: node))
        let id = try text(member("newId", of: node))
        do throws(LinkError) {
            try set.link(template, as: id, entities)
        } catch {
            throw failure(.link(error), at: node)
        }
    }
}
