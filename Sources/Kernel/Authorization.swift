// SPDX-License-Identifier: Apache-2.0

/// A reference to something that takes part in a decision or a fact: its type and its id.
///
/// Both are compared as bytes; ids never hold patient data.
package struct EntityReference: Sendable, Hashable {
    /// The type, such as `person`, `operator` or `record`.
    package let type: String
    /// The id within the type.
    package let id: String

    /// The entity of this type with this id.
    package init(type: String, id: String) {
        self.type = type
        self.id = id
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.type.utf8.elementsEqual(right.type.utf8) && left.id.utf8.elementsEqual(right.id.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in type.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(0))
        for byte in id.utf8 { hasher.combine(byte) }
    }

    /// Whoever is not known.
    package static let anonymous = EntityReference(type: "anonymous", id: "")

    /// Salus itself, acting by schedule.
    package static let system = EntityReference(type: "system", id: "salus")

    /// A person who signed in.
    package static func person(_ id: Identifier<Person>) -> EntityReference {
        EntityReference(type: "person", id: id.description)
    }

    /// Whoever runs a command on the machine, authorised by being able to read the key file.
    package static func `operator`(uid: UInt32) -> EntityReference {
        EntityReference(type: "operator", id: "\(uid)")
    }
}

/// Something that can be asked for permission: a route or a command names exactly one.
package struct Action: Sendable, Hashable {
    /// The id that stays, such as `vault.read-chart`.
    package let id: String
    /// What it allows, in plain words, for the settings and the documentation.
    package let title: String
    /// Who is asked about at all.
    package let audience: Audience

    /// The circle in which an action is decided.
    package enum Audience: Sendable, Hashable {
        /// Anyone, also before signing in: the sign-in page, the health check.
        case everyone
        /// Anyone who signed in: one's own settings, signing out.
        case signedIn
        /// Those whose rules allow it.
        case entitled
    }

    /// The action with this id.
    package init(_ id: String, _ title: String, for audience: Audience = .entitled) {
        self.id = id
        self.title = title
        self.audience = audience
    }
}

/// How strongly, and how long ago, someone proved who they are.
package struct Assurance: Sendable, Hashable {
    /// Whether a second factor was part of it.
    package let secondFactor: Bool
    /// When it happened.
    package let at: Instant

    /// An authentication at `at`.
    package init(secondFactor: Bool, at: Instant) {
        self.secondFactor = secondFactor
        self.at = at
    }
}

/// A question to the authorizer: may this principal do this to that?
package struct AccessRequest: Sendable {
    /// Who asks.
    package let principal: EntityReference
    /// What is to be done.
    package let action: Action
    /// What it is to be done to.
    package let resource: EntityReference
    /// How the principal proved who they are; nil for an operator on the machine.
    package let assurance: Assurance?

    /// The question.
    package init(
        principal: EntityReference, action: Action, resource: EntityReference, assurance: Assurance? = nil
    ) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.assurance = assurance
    }
}

/// The answer of the authorizer, with its reason.
package struct Decision: Sendable, Hashable {
    /// Whether the act is allowed.
    package let isAllowed: Bool
    /// The ids of the rules that decided.
    package let rules: [String]
    /// Why, in words for the person who asked.
    package let explanation: String
    /// Element paths that must be left out of what is returned, such as `Patient.telecom`.
    package let masks: [String]
    /// Rules that could not be evaluated; a decision with any of them is never an allow.
    package let errors: [String]
    /// Of a denial, the rule that came nearest to allowing and what it lacked.
    package let nearest: UnmetCondition?
    /// Whether breaking the glass would allow it or, where it is allowed already, mask less of it.
    package let opensByBreakGlass: Bool
    /// Until when, where it is allowed only because the asker has an emergency open, or would mask more without it;
    /// nil where the answer would be the same without one.
    package let emergencyUntil: Instant?

    /// A decision.
    package init(
        isAllowed: Bool, rules: [String], explanation: String, masks: [String] = [], errors: [String] = [],
        nearest: UnmetCondition? = nil, opensByBreakGlass: Bool = false, emergencyUntil: Instant? = nil
    ) {
        self.isAllowed = isAllowed && errors.isEmpty
        self.rules = rules
        self.explanation = explanation
        self.masks = masks
        self.errors = errors
        self.nearest = nearest
        self.opensByBreakGlass = opensByBreakGlass
        self.emergencyUntil = emergencyUntil
    }
}

/// What a rule lacked that would have allowed a request.
package struct UnmetCondition: Sendable, Hashable {
    /// The rule's id.
    package let rule: String
    /// What the rule says, in the clinic's words.
    package let title: String
    /// The part that did not hold, as the rule is written.
    package let condition: String

    /// A condition of a rule; without a title the rule is called by its id.
    package init(rule: String, title: String? = nil, condition: String) {
        self.rule = rule
        self.title = title ?? rule
        self.condition = condition
    }
}

/// The port that every request passes: may you, and why.
package protocol Authorizer: Sendable {
    /// Decides `request` from the state of now; an answer is never older than a second.
    func decide(_ request: AccessRequest) async throws -> Decision
    /// Which system of the clinic asks with this bearer token, and whether it may: both as of one moment, and now.
    func admit(bearer: String?, to action: Action, on resource: EntityReference) async throws -> Admission
}

/// Who another system is, by its bearer token, and what it may.
package struct Admission: Sendable {
    /// The system; nil when the token speaks for none, and the decision is about somebody unknown.
    package let application: EntityReference?
    /// Whether it may.
    package let decision: Decision
    /// Whether the token is that of a system which somebody switched off, so that it speaks for none.
    package let isSwitchedOff: Bool

    /// An answer about a system.
    package init(application: EntityReference?, decision: Decision, isSwitchedOff: Bool = false) {
        self.application = application
        self.decision = decision
        self.isSwitchedOff = isSwitchedOff
    }
}

extension Authorizer {
    package func admit(
        bearer: String?, to action: Action, on resource: EntityReference
    ) async throws -> Admission {
        let request = AccessRequest(principal: .anonymous, action: action, resource: resource)
        return Admission(application: nil, decision: try await decide(request))
    }
}
