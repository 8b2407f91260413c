// SPDX-License-Identifier: Apache-2.0

/// The ten practices that protect a healthcare institution, in the order in which they are shown.
package enum PracticeName: String, CaseIterable, Sendable, Codable {
    case multiFactor = "multi-factor"
    case awareness
    case encryption
    case perimeter
    case devices
    case patching
    case risk
    case backup
    case permissions
    case experts

    /// Its number on the posture page, 1…10.
    package var number: Int {
        (Self.allCases.firstIndex(of: self) ?? 0) + 1
    }

    /// Its name in the clinic's words.
    package var title: String {
        switch self {
        case .multiFactor: "Multi-factor sign-in"
        case .awareness: "Staff training and awareness"
        case .encryption: "Encryption of patient data"
        case .perimeter: "Firewall and intrusion detection"
        case .devices: "Device management"
        case .patching: "Patching"
        case .risk: "Risk assessment"
        case .backup: "Backup and recovery"
        case .permissions: "Role-based permissions"
        case .experts: "Outside experts and incidents"
        }
    }
}
