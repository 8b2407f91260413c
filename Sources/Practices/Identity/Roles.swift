// SPDX-License-Identifier: Apache-2.0

import Kernel

/// A role that a person can have. What each of them may do is decided by the authorizer.
package enum StaffRole: String, CaseIterable, Sendable {
    case administrator
    case physician
    case nurse
    case frontDesk = "front-desk"
    case privacyOfficer = "privacy-officer"
    case auditor

    /// Its name in the clinic's words.
    package var title: String {
        switch self {
        case .administrator: "Administrator"
        case .physician: "Physician"
        case .nurse: "Nurse"
        case .frontDesk: "Front desk"
        case .privacyOfficer: "Privacy officer"
        case .auditor: "Auditor"
        }
    }

    /// What it is for, in a line.
    package var purpose: String {
        switch self {
        case .administrator: "runs the system and invites people; opens no charts"
        case .physician: "treats patients"
        case .nurse: "cares for patients"
        case .frontDesk: "receives patients; finds them, opens no charts"
        case .privacyOfficer: "answers for privacy; reads who did what"
        case .auditor: "checks the evidence; changes nothing"
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
