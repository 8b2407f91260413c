// SPDX-License-Identifier: Apache-2.0

package import Kernel

extension StaffRole {
    /// What it is for, in a line.
    package var purpose: String {
        switch self {
        case .administrator: "runs the system and invites people; opens no charts"
        case .physician: "treats patients"
        case .nurse: "cares for patients"
        case .frontDesk: "receives patients; finds them, opens no charts"
        case .privacyOfficer: "answers for privacy; reads who did what"
        case .auditor: "checks the evidence; changes nothing"
        case .billing: "writes bills; sees visits and coverage, no findings"
        case .laboratory: "examines samples; sees orders and results"
        case .researcher: "sees records without names and exact days"
        case .securityLead: "answers for security; drafts rules, opens no charts"
        }
    }

    /// The titles of role ids, in the order of this list; an id that is not known here is shown as it is.
    package static func titles(of ids: [String]) -> String {
        let known = allCases.filter { role in ids.contains { $0.utf8.elementsEqual(role.rawValue.utf8) } }
        let other = ids.filter { StaffRole(rawValue: $0) == nil }
        return (known.map(\.title) + other).joined(separator: ", ")
    }

    /// The roles with these ids, without doubles.
    ///
    /// - Throws: `Fault.invalidInput` when there is none among them, or one is not known.
    package static func roles(_ ids: [String]) throws -> [StaffRole] {
        let roles = ids.compactMap(StaffRole.init(rawValue:))
        guard roles.count == ids.count, !roles.isEmpty else {
            let known = allCases.map(\.rawValue).joined(separator: ", ")
            throw Fault(.invalidInput, "Choose at least one role out of: \(known).")
        }
        return allCases.filter(roles.contains)
    }
}
