// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// Actions in words. A rule may name those of every practice, whose titles this one does not see: their words are made
/// from the ids, which say what is done.
enum ActionWords {
    private static let titles = Dictionary(
        (AccessActions.all + ProtectedClass.allCases.map(\.action)).map { ($0.id, $0.title) }
            + [
                ("everyone", "What is open to everybody"), ("signed-in", "What everybody may do who signed in"),
                ("protected", "Read specially protected records"),
            ]
    ) { first, _ in first }

    /// The acts of other practices that pages about the rules name in full.
    private static let others = [
        "console.open": "Health checks, assets and public proofs", "console.find": "Find a page",
        "identity.sign-in": "Sign in",
        "identity.welcome": "Set up one's own sign-in", "identity.own-account": "See and change one's own sign-in",
        "identity.sign-out": "Sign out", "identity.manage-people": "Manage people and their roles",
        "identity.keep-recovery-phrase": "Read and confirm the recovery phrase",
        "posture.read": "See the posture board", "ledger.read-entries": "Read the evidence log",
        "settings.read": "See the settings", "vault.search-patients": "Search for patients",
        "keyring.manage": "Manage keys on the machine", "vault.import-records": "Take records in",
        Impact.readChart: "Read a patient's chart",
        "backup.read": "See backups and restore drills", "backup.start": "Start a backup or a restore drill",
        "backup.manage": "Manage backup jobs and repositories",
        "backup.restore": "Look into snapshots and restore files",
    ]

    /// The act's title in full; its id where it has none, as for an act that only a schema knows.
    static func title(_ action: String) -> String {
        titles[action] ?? others[action] ?? action
    }

    /// The words for an action or a group of actions: `vault.read-chart` is *Read chart*.
    static func words(_ id: String) -> String {
        if let title = titles[id] { return title }
        let parts = id.split(separator: ".")
        guard let what = parts.last else { return id }
        let verb = what.replacing("-", with: " ")
        let words = what.contains("-") || parts.count < 2 ? verb : "\(verb) \(parts[0])"
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// What the head of a rule is about.
    static func words(_ scope: ActionScope) -> [String] {
        switch scope {
        case .any: ["Everything"]
        case .equal(let uid), .within(let uid): [words(uid.id.string)]
        case .withinAny(let uids): uids.map { words($0.id.string) }
        }
    }
}
