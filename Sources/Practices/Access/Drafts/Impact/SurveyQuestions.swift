// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// Every act of the schema by what it is done to, and how it is asked about.
struct SurveyQuestions: Sendable {
    let pair: RulePair
    var circumstances: Circumstances
    /// Acts on the clinic, on a patient, and on what two people decide.
    let clinic: [EntityUID]
    let patient: [EntityUID]
    let shared: [(action: EntityUID, resource: TypeName)]

    /// The acts of the house's schema that somebody of `type` can ask for.
    init(_ pair: RulePair, _ circumstances: Circumstances) throws {
        self.pair = pair
        self.circumstances = circumstances
        let all = try HouseSchema.schema().actions.sorted { $0.key < $1.key }
        func acts(on type: TypeName) -> [EntityUID] { all.filter { $0.value.resources.contains(type) }.map(\.key) }
        clinic = acts(on: CedarType.institution)
        patient = acts(on: CedarType.patient)
        let others = Set(all.flatMap(\.value.resources)).subtracting([CedarType.institution, CedarType.patient])
        shared = others.sorted { $0.text < $1.text }.flatMap { type in acts(on: type).map { ($0, type) } }
    }

    static let institution = EntityUID(type: CedarType.institution, id: "this")
    /// Somebody who is nobody of the directory.
    static let nobody = EntityUID(type: CedarType.person, id: "")

    /// What both books answer.
    func compare(_ who: Entity, _ action: EntityUID, _ what: Entity) throws -> RulePair.Comparison {
        try pair.compare(request(who, action, what, circumstances), [who, what].filter(\.isKnown))
    }

    /// By which guards the new rules let a person through, asked as if the account were closed and as if there were
    /// no second factor.
    func broken(_ who: Entity, _ action: EntityUID, _ what: Entity) throws -> Set<Impact.Guard> {
        var broken: Set<Impact.Guard> = []
        let closed = who.with("isActive", .bool(false))
        if try pair.allows(request(closed, action, what, circumstances), [closed, what].filter(\.isKnown)) {
            broken.insert(.closedAccount)
        }
        var weak = circumstances
        weak.secondFactor = false
        let open = who.with("isActive", .bool(true))
        if try pair.allows(request(open, action, what, weak), [open, what].filter(\.isKnown)) {
            broken.insert(.secondFactor)
        }
        return broken
    }

    private func request(
        _ who: Entity, _ action: EntityUID, _ what: Entity, _ circumstances: Circumstances
    ) -> Request {
        Request(principal: who.uid, action: action, resource: what.uid, context: circumstances.record)
    }
}

extension Entity {
    /// Whether there is anything to know about it beyond its name.
    fileprivate var isKnown: Bool { !attributes.isEmpty || !parents.isEmpty || !tags.isEmpty }
}
