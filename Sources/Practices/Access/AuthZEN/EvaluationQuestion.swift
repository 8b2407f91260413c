// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel

/// Who asks, or what is asked about, as a program names it (AuthZEN Authorization API 1.0, sections "Subject" and
/// "Resource").
struct NamedThing: Sendable {
    let type: String
    let id: String
    /// What the program says about it, an object.
    let properties: JSONNode?
}

/// What is to be done (section "Action").
struct NamedAction: Sendable {
    let name: String
    let properties: JSONNode?
}

/// One question (section "Access Evaluation API Request").
struct EvaluationQuestion: Sendable {
    let subject: NamedThing
    let action: NamedAction
    let resource: NamedThing
    /// The circumstances, an object.
    let context: JSONNode?
}

/// A question of which parts may be missing: one of several, before the defaults come in (section "Default values").
struct PartialQuestion: Sendable {
    var subject: NamedThing?
    var action: NamedAction?
    var resource: NamedThing?
    var context: JSONNode?

    /// Reads the parts that an object has; members that are none of them mean nothing.
    ///
    /// - Throws: `Fault.invalidInput` for a part that is there and not of its form.
    init(_ node: JSONNode) throws {
        subject = try node.object("subject").map { try NamedThing($0, "subject") }
        action = try node.object("action").map { try NamedAction($0) }
        resource = try node.object("resource").map { try NamedThing($0, "resource") }
        context = try node.object("context")
    }

    /// The same with whole parts of `defaults` where this one has none.
    func filled(from defaults: PartialQuestion) -> PartialQuestion {
        var copy = self
        copy.subject = subject ?? defaults.subject
        copy.action = action ?? defaults.action
        copy.resource = resource ?? defaults.resource
        copy.context = context ?? defaults.context
        return copy
    }

    /// The question, if nothing is missing.
    ///
    /// - Throws: `Fault.invalidInput` that names what is.
    func complete() throws -> EvaluationQuestion {
        EvaluationQuestion(
            subject: try Self.there(subject, "subject"), action: try Self.there(action, "action"),
            resource: try Self.there(resource, "resource"), context: context)
    }

    static func there<Part>(_ part: Part?, _ name: String) throws -> Part {
        guard let part else { throw Fault(.invalidInput, "`\(name)` is missing.") }
        return part
    }
}

extension NamedThing {
    init(_ node: JSONNode, _ place: String) throws {
        type = try node.text("type", of: place)
        id = try node.text("id", of: place)
        properties = try node.object("properties", of: place)
    }
}

extension NamedAction {
    init(_ node: JSONNode) throws {
        name = try node.text("name", of: "action")
        properties = try node.object("properties", of: "action")
    }
}

// The members of a message. Messages never repeat what a program sent: that may be about a patient.
extension JSONNode {
    /// The object of that name; nil when there is none.
    ///
    /// - Throws: `Fault.invalidInput` for anything else of that name.
    func object(_ name: String, of place: String? = nil) throws -> JSONNode? {
        guard let node = self[name] else { return nil }
        guard node.kind == .object else {
            throw Fault(.invalidInput, "`\(Self.path(name, place))` must be an object.")
        }
        return node
    }

    /// The string of that name, which must be there.
    func text(_ name: String, of place: String) throws -> String {
        guard let node = self[name] else { throw Fault(.invalidInput, "`\(Self.path(name, place))` is missing.") }
        guard let text = node.string else {
            throw Fault(.invalidInput, "`\(Self.path(name, place))` must be a string.")
        }
        return text
    }

    private static func path(_ name: String, _ place: String?) -> String {
        place.map { "\($0).\(name)" } ?? name
    }
}
