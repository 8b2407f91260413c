// SPDX-License-Identifier: Apache-2.0

/// A role that a person can have; the ids stay when policies come. What each may do is decided by the authorizer.
package enum StaffRole: String, CaseIterable, Sendable {
    case administrator
    case physician
    case nurse
    case frontDesk = "front-desk"
    case privacyOfficer = "privacy-officer"
    case auditor
    case billing
    case laboratory
    case researcher
    case securityLead = "security-lead"

    /// Its name in the clinic's words.
    package var title: String {
        switch self {
        case .administrator: "Administrator"
        case .physician: "Physician"
        case .nurse: "Nurse"
        case .frontDesk: "Front desk"
        case .privacyOfficer: "Privacy officer"
        case .auditor: "Auditor"
        case .billing: "Billing"
        case .laboratory: "Laboratory"
        case .researcher: "Researcher"
        case .securityLead: "Security lead"
        }
    }
}
