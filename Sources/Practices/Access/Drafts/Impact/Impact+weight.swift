// SPDX-License-Identifier: Apache-2.0

import Kernel

extension Impact {
    /// Acts by which one gets or gives more access, so that a gain of one of them is a gain of everything.
    static let opening: Set<String> = [
        "identity.manage-people", "identity.keep-recovery-phrase", "keyring.manage", AccessActions.draftRules.id,
        AccessActions.approveRules.id, AccessActions.manageStaff.id, AccessActions.manageApplications.id,
        AccessActions.evaluate.id, AccessActions.reviewGrants.id, AccessActions.reviewEmergency.id,
    ]

    /// Acts that read a class of records which the law protects beyond all others.
    static let protected = Set(ProtectedClass.allCases.map(\.action.id))

    /// The act that opens a chart.
    static let readChart = "vault.read-chart"

    /// Whether the rules widen what must not be widened by one person alone.
    var isSensitive: Bool { widens || !possible.isEmpty || !delicateRules.isEmpty }

    /// Whether somebody of today's directory gets such a thing, now or later.
    var widens: Bool {
        lines.keys.contains(where: \.isSensitive) || later.keys.contains { $0.line.isSensitive }
    }

    /// Those who could no longer open charts in an emergency.
    var withoutEmergency: Set<Who> {
        Set(lines.keys.filter { $0.change == .lost && $0.action == AccessActions.breakGlass.id }.map(\.who))
    }

    /// People who treat patients now and would no longer see all of their charts, or could open none in an emergency.
    var harmed: [Line: Int] { lines.filter { $0.key.harmsCare } }

    /// Those who would no longer see them from a later time on.
    var harmedLater: [Later: Int] { later.filter { $0.key.line.harmsCare } }

    /// Everybody with a difference.
    var affected: Set<Who> { Set(lines.keys.map(\.who)) }
}

extension Impact.Line {
    /// Whether a second person must have looked at it: protected records; charts of patients with whom one has
    /// nothing to do; acts that give further access; and whatever is given to somebody who is no person of the
    /// directory.
    var isSensitive: Bool {
        guard change.isGain else { return false }
        guard case .person = who else { return true }
        if Impact.protected.contains(action) || Impact.opening.contains(action) { return true }
        guard case .chart(let relation, _) = thing else { return false }
        return relation == .neither || relation == .department
    }

    /// Whether somebody would lose sight of the chart of a patient whom they treat now, or could not open one when a life
    /// is in danger.
    var harmsCare: Bool {
        if change == .lost, action == AccessActions.breakGlass.id { return true }
        guard !change.isGain, case .person = who, case .chart(let relation, _) = thing, relation != .neither else {
            return false
        }
        return action == Impact.readChart || Impact.protected.contains(action)
    }
}
