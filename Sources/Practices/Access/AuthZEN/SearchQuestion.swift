// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel

/// A question for everything that would be permitted (AuthZEN Authorization API 1.0, section "Search APIs").
struct SearchQuestion: Sendable {
    /// What is looked for.
    enum Target: Sendable {
        /// Subjects of a type.
        case subjects(type: String, NamedAction, NamedThing)
        /// Resources of a type.
        case resources(NamedThing, NamedAction, type: String)
        /// Actions.
        case actions(NamedThing, NamedThing)
    }

    /// The three addresses.
    enum Kind: String, Sendable {
        case subject
        case resource
        case action
    }

    let target: Target
    let context: JSONNode?

    /// Reads what a search of that kind needs; the id and the properties of what is looked for mean nothing.
    ///
    /// - Throws: `Fault.invalidInput` when something is missing or not of its form.
    init(_ root: JSONNode, _ kind: Kind) throws {
        context = try root.object("context")
        func thing(_ name: String) throws -> NamedThing {
            try NamedThing(try PartialQuestion.there(try root.object(name), name), name)
        }
        func action() throws -> NamedAction {
            try NamedAction(try PartialQuestion.there(try root.object("action"), "action"))
        }
        func type(_ name: String) throws -> String {
            try PartialQuestion.there(try root.object(name), name).text("type", of: name)
        }
        switch kind {
        case .subject: target = .subjects(type: try type("subject"), try action(), try thing("resource"))
        case .resource: target = .resources(try thing("subject"), try action(), type: try type("resource"))
        case .action: target = .actions(try thing("subject"), try thing("resource"))
        }
    }
}

/// What a search found, and of how many.
struct SearchResult: Sendable {
    /// The ids or names, by bytes. All of them: a search that cannot be complete fails.
    var found: [String] = []
    /// What must be left out of some of them, by id or name; only the house's rules say such a thing.
    var masks: [String: [String]] = [:]
    /// How many were decided about.
    var candidates = 0
    /// The policies that permitted something.
    var policies: Set<String> = []
    /// The subject, if one was named.
    var subject: Party?
    /// The resource, if one was named.
    var resource: Party?
}
