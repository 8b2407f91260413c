// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel

/// What the platform's own pages ask the authorizer about.
enum ConsoleActions {
    static let open = Action("console.open", "Health checks, assets and public proofs", for: .everyone)
    static let readPosture = Action("posture.read", "See the posture board")
    static let readLog = Action("ledger.read-entries", "Read the evidence log")
    static let readSettings = Action("settings.read", "See the settings")

    /// Rotating and restoring keys, and the recovery phrase, on the machine.
    static let manageKeys = Action("keyring.manage", "Manage keys on the machine")

    static let all = [open, readPosture, readLog, readSettings, manageKeys]

    /// The platform's places in the navigation; the practices' stand between them.
    static let navigation = [
        NavigationPlace("Posture", path: "/", action: readPosture, order: 0),
        NavigationPlace("Evidence log", path: "/log", action: readLog, order: 80),
        NavigationPlace("Settings", path: "/settings", action: readSettings, order: 90),
    ]
}
