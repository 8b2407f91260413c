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

    /// Finding one's way: everybody who is signed in sees the places that are open to them.
    static let find = Action("console.find", "Find a page", for: .signedIn)

    static let all = [open, find, readPosture, readLog, readSettings, manageKeys]

    /// The platform's places in the navigation; the practices' stand between them.
    static let navigation =
        [
            NavigationPlace(
                "Posture", path: "/", action: readPosture, in: .overview, order: 0,
                summary: "How the ten practices stand, and what to do next.", synonyms: "home dashboard board status"),
            NavigationPlace(
                "Evidence log", path: "/log", action: readLog, in: .evidence, order: 80,
                summary: "Everything that happened, with its proof.", synonyms: "audit trail events history ledger"),
            NavigationPlace(
                "Settings", path: "/settings", action: readSettings, in: .evidence, order: 90,
                summary: "How this installation is set up, its keys and its certificate.",
                synonyms: "configuration keys version certificate authority"),
        ] + practices

    /// The page behind each row of the board.
    private static let practices = PracticeName.allCases.map { practice in
        NavigationPlace(
            practice.title, path: "/posture/\(practice.rawValue)", action: readPosture, in: .overview,
            order: practice.number, summary: "Practice \(practice.number) of ten: what is measured, and how it went.",
            synonyms: "posture measure", isInMenu: false)
    }
}
