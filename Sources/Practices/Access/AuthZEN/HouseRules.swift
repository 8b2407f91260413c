// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// Answers an application about the people and patients of the house, by the rules that the console itself obeys.
///
/// Subjects are people, `Person` or `user`, by id or sign-in name; resources are a `Patient`, by id or by a number of
/// another system (`system|value`), or the `Institution` `this`; actions are those of the house. The answer is for somebody who signed in with the second factor that they
/// have set up: that is for the asking program to see to. What it sends as properties or context changes nothing.
///
/// What the rules show only with parts left out is permitted to a program only if it honours masks. To all others it is a
/// denial: a program that looks at `decision` alone must never show more than the console does.
struct HouseRules: Sendable {
    let rules: RuleAuthorizer
    /// Whether the program leaves out what is masked.
    let honoursMasks: Bool
    private let logins = LoginNames()

    /// The house's rules for the questions of one request.
    init(rules: RuleAuthorizer, honoursMasks: Bool) {
        self.rules = rules
        self.honoursMasks = honoursMasks
    }

    static let subjectTypes = ["Person", "user"]

    /// The answer to one question.
    ///
    /// - Parameter explaining: whether a denial names the rule that came nearest, which takes longer than to decide.
    func decide(_ question: EvaluationQuestion, explaining: Bool) async throws -> Verdict {
        let subject = try await person(question.subject)
        let (resource, party) = try await resource(question.resource)
        var verdict = try await verdict(question, subject, resource, explaining)
        verdict.subject = subject.map(\.party) ?? Self.party(question.subject)
        verdict.resource = party
        return verdict
    }

    private func verdict(
        _ question: EvaluationQuestion, _ subject: PersonSummary?, _ resource: HouseResource?, _ explaining: Bool
    ) async throws -> Verdict {
        guard let subject else { return Verdict(isAllowed: false, reason: "There is no such person.") }
        guard let resource else {
            return Verdict(isAllowed: false, reason: "There is no such patient or institution.")
        }
        guard let action = try Self.actions(on: resource.type).first(where: { $0.id == Text(question.action.name) })
        else { return Verdict(isAllowed: false, reason: "No such action is declared for this resource.") }
        do {
            let name = action.id.string
            return Verdict(
                try await rules.decide(
                    AccessRequest(
                        principal: .person(subject.id), action: Action(name, name), resource: resource.reference,
                        assurance: Assurance(secondFactor: subject.hasSecondFactor, at: Instant(microseconds: 0))),
                    explaining: explaining),
                honoursMasks: honoursMasks)
        } catch let fault as Fault where fault.code == .notFound {
            return Verdict(isAllowed: false, reason: "There is no such patient or institution.")
        }
    }

    /// The person that a program means, by id or sign-in name; nil when there is none.
    func person(_ thing: NamedThing) async throws -> PersonSummary? {
        guard Self.subjectTypes.contains(where: { $0.utf8.elementsEqual(thing.type.utf8) }) else { return nil }
        if let id = Identifier<Kernel.Person>(thing.id) { return try await rules.directory.person(id) }
        guard let id = try await logins.person(thing.id, in: rules.directory) else { return nil }
        return try await rules.directory.person(id)
    }

    /// The resource that a program means, nil for none; and as the log speaks of it: the same by whichever number a
    /// patient was asked about.
    func resource(_ thing: NamedThing) async throws -> (HouseResource?, Party) {
        if let known = HouseResource(thing) { return (known, known.party) }
        guard thing.type.utf8.elementsEqual("Patient".utf8), let number = PatientNumber(thing.id) else {
            return (nil, Self.party(thing))
        }
        if let patient = try await rules.patients.current?.patient(system: number.system, number: number.value) {
            let known = HouseResource.patient(patient)
            return (known, known.party)
        }
        // A new id, which nobody has: the answer is that about a patient who is not there.
        return (.patient(Identifier(at: Instant(microseconds: 0))), Self.party(thing))
    }

    /// The actions of the house that people can ask for on resources of a type, by name.
    static func actions(on type: TypeName) throws -> [EntityUID] {
        try HouseSchema.schema().actions
            .filter { $0.value.principals.contains(CedarType.person) && $0.value.resources.contains(type) }
            .keys.sorted()
    }

    static func party(_ thing: NamedThing) -> Party {
        Party(scope: Party.house, type: thing.type, id: thing.id)
    }
}

/// A resource of the house that programs may ask about.
enum HouseResource: Sendable {
    case institution
    case patient(Identifier<Kernel.Patient>)

    /// The resource that a program means; nil for all else.
    init?(_ thing: NamedThing) {
        if thing.type.utf8.elementsEqual("Institution".utf8), thing.id.utf8.elementsEqual("this".utf8) {
            self = .institution
        } else if thing.type.utf8.elementsEqual("Patient".utf8), let id = Identifier<Kernel.Patient>(thing.id) {
            self = .patient(id)
        } else {
            return nil
        }
    }

    var type: TypeName {
        switch self {
        case .institution: CedarType.institution
        case .patient: CedarType.patient
        }
    }

    /// The resource as the log speaks of it to programs.
    var party: Party {
        switch self {
        case .institution: Party(scope: Party.house, type: "Institution", id: "this")
        case .patient(let id): Party(scope: Party.house, type: "Patient", id: id.description)
        }
    }

    var reference: Kernel.EntityReference {
        switch self {
        case .institution: Kernel.EntityReference(type: "institution", id: "this")
        case .patient(let id): Kernel.EntityReference(type: "patient", id: id.description)
        }
    }
}

extension Kernel.Decision {
    /// Whether it is a denial only because rules that forbid could not be evaluated: those that it names.
    var isUnchecked: Bool { !isAllowed && !errors.isEmpty && rules == errors }
}

extension PersonSummary {
    /// The person as the log speaks of them to programs: the same by whichever name they were asked about.
    var party: Party { Party(scope: Party.house, type: "Person", id: id.description) }
}

extension Verdict {
    /// What the house's rules said.
    ///
    /// - Parameter honoursMasks: whether the program leaves out what is masked; if not, it may have only what is whole.
    init(_ decision: Kernel.Decision, honoursMasks: Bool) {
        guard !decision.isAllowed || decision.masks.isEmpty || honoursMasks else {
            let rules = decision.rules.joined(separator: ", ")
            let masks = decision.masks.joined(separator: ", ")
            self.init(
                isAllowed: false, policies: decision.rules,
                reason: """
                    \(rules) would permit this without \(masks). Nobody has said that this program leaves that out; if \
                    it does: `salus access applications set NAME --honours-masks`.
                    """,
                words: "You may see only a part of this, and this program cannot leave out the rest. Open it in Salus.")
            return
        }
        var reason =
            decision.isAllowed ? "Permitted by the rules of the clinic." : "Refused by the rules of the clinic."
        if let nearest = decision.nearest {
            reason = "No rule permits this. \(nearest.rule) came nearest and lacked: \(nearest.condition)"
        } else if decision.isUnchecked {
            let rules = decision.rules.joined(separator: ", ")
            reason = "Denied because \(rules) could not be evaluated: a rule that forbids must be put right."
        } else if let rule = decision.rules.first {
            reason = "\(decision.isAllowed ? "Permitted" : "Forbidden") by \(rule)."
        }
        self.init(
            isAllowed: decision.isAllowed, policies: decision.rules, reason: reason,
            words: decision.isAllowed ? nil : decision.explanation, masks: decision.masks)
    }
}
