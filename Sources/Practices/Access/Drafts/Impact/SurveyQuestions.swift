// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// Every act of the schema by what it is done to, and how it is asked about.
struct SurveyQuestions: Sendable {
    let pair: RulePair
    var circumstances: Circumstances
    /// Acts on the clinic, on a patient, and on what two people decide.
    private(set) var clinic: [EntityUID]
    private(set) var patient: [EntityUID]
    private(set) var shared: [(action: EntityUID, resource: TypeName)]
    /// The guards of which nothing but asking says whether they hold.
    let doubted: Set<Impact.Guard>
    /// The acts about which the two books can say different things.
    private let touched: Set<EntityUID>

    /// The acts of the house's schema that somebody of `type` can ask for.
    init(_ pair: RulePair, _ circumstances: Circumstances) throws {
        self.pair = pair
        self.circumstances = circumstances
        doubted = pair.doubted
        touched = try pair.touched
        let all = try HouseSchema.schema().actions.sorted { $0.key < $1.key }
        func acts(on type: TypeName) -> [EntityUID] { all.filter { $0.value.resources.contains(type) }.map(\.key) }
        clinic = acts(on: CedarType.institution)
        patient = acts(on: CedarType.patient)
        let others = Set(all.flatMap(\.value.resources)).subtracting([CedarType.institution, CedarType.patient])
        shared = others.sorted { $0.text < $1.text }.flatMap { type in acts(on: type).map { ($0, type) } }
    }

    /// Only about acts on which the books can differ.
    var ofDifferences: SurveyQuestions {
        var few = self
        few.clinic = clinic.filter(touched.contains)
        few.patient = patient.filter {
            touched.contains($0) || $0 == Self.breakGlass && touched.contains(Self.readChart)
        }
        few.shared = shared.filter { touched.contains($0.action) }
        return few
    }

    /// Whether there is nothing to ask.
    var isEmpty: Bool { clinic.isEmpty && patient.isEmpty && shared.isEmpty }

    static let institution = EntityUID(type: CedarType.institution, id: "this")
    /// Somebody who is nobody of the directory.
    static let nobody = EntityUID(type: CedarType.person, id: "")

    /// What both books answer. That an emergency may be opened counts only where it opens the chart: a rule that forbids
    /// reading closes both.
    func compare(_ who: Entity, _ action: EntityUID, _ what: Entity) throws -> RulePair.Comparison {
        let answer = try pair.compare(request(who, action, what, circumstances), [who, what].filter(\.isKnown))
        guard action == Self.breakGlass, who.uid.type == CedarType.person,
            answer.before.isAllowed || answer.after.isAllowed
        else { return answer }
        var tags = who.tags
        tags[what.uid.id] = Value(circumstances.now.advanced(by: Emergency.length))
        let opener = who.tagged(tags)
        let opened = try pair.compare(
            request(opener, Self.readChart, what, circumstances), [opener, what].filter(\.isKnown))
        return RulePair.Comparison(
            before: answer.before.opening(opened.before), after: answer.after.opening(opened.after))
    }

    private static let readChart = EntityUID.action(Impact.readChart)
    private static let breakGlass = EntityUID.action(AccessActions.breakGlass.id)

    /// Adds the guards by which the new rules let a person through, asked as if the account were closed and as if
    /// there were no second factor. Only those are asked about that are in doubt and not yet found.
    func addBroken(_ who: Entity, _ action: EntityUID, _ what: Entity, to broken: inout Set<Impact.Guard>) throws {
        guard !doubted.isEmpty else { return }
        if doubted.contains(.closedAccount), !broken.contains(.closedAccount) {
            let closed = who.with("isActive", .bool(false))
            if try pair.allows(request(closed, action, what, circumstances), [closed, what].filter(\.isKnown)) {
                broken.insert(.closedAccount)
            }
        }
        if doubted.contains(.secondFactor), !broken.contains(.secondFactor) {
            var weak = circumstances
            weak.secondFactor = false
            let open = who.with("isActive", .bool(true))
            if try pair.allows(request(open, action, what, weak), [open, what].filter(\.isKnown)) {
                broken.insert(.secondFactor)
            }
        }
    }

    private func request(
        _ who: Entity, _ action: EntityUID, _ what: Entity, _ circumstances: Circumstances
    ) -> Request {
        Request(principal: who.uid, action: action, resource: what.uid, context: circumstances.record)
    }
}

extension Entity {
    /// Whether there is anything to know about it beyond its name.
    var isKnown: Bool { !attributes.isEmpty || !parents.isEmpty || !tags.isEmpty }
}
