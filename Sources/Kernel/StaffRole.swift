// SPDX-License-Identifier: Apache-2.0

/// A role that a person can have; the ids stay when policies come. What each may do is decided by the authorizer.
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
}
