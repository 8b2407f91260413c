// SPDX-License-Identifier: Apache-2.0

/// The roles of the fixed set. Their ids stay when policies come.
package enum Role: String, CaseIterable, Sendable {
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

    /// The ids of the actions that the role allows.
    ///
    /// Minimum necessary (45 CFR 164.502(b)): whoever runs the system opens no chart, and whoever reads the log
    /// changes nothing.
    var actions: Set<String> {
        switch self {
        case .administrator:
            [
                "posture.read", "identity.manage-people", "identity.keep-recovery-phrase", "settings.read",
                "ledger.read-entries",
            ]
        case .physician, .nurse:
            ["posture.read", "vault.search-patients", "vault.read-chart"]
        case .frontDesk:
            ["posture.read", "vault.search-patients"]
        case .privacyOfficer:
            ["posture.read", "vault.search-patients", "ledger.read-entries"]
        case .auditor:
            ["posture.read", "ledger.read-entries", "settings.read"]
        }
    }
}
