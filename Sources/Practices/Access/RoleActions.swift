// SPDX-License-Identifier: Apache-2.0

import Kernel

extension StaffRole {
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
            [
                "posture.read", "vault.search-patients", "vault.read-chart", "vault.read-psychotherapy",
                "vault.read-hiv", "vault.read-substance-use",
            ]
        case .frontDesk:
            ["posture.read", "vault.search-patients"]
        case .privacyOfficer:
            ["posture.read", "vault.search-patients", "ledger.read-entries"]
        case .auditor:
            ["posture.read", "ledger.read-entries", "settings.read"]
        case .billing, .laboratory, .researcher, .securityLead:
            ["posture.read"]
        }
    }
}
