// SPDX-License-Identifier: Apache-2.0

import Kernel

/// What the acts of the schema are called on pages. The practices to which they belong are not known here.
enum ActionWords {
    /// The act's title; its id where it has none, as for an act that only a schema knows.
    static func title(_ action: String) -> String {
        titles[action] ?? action
    }

    private static let others = [
        "console.open": "Health checks, assets and public proofs", "identity.sign-in": "Sign in",
        "identity.welcome": "Set up one's own sign-in", "identity.own-account": "See and change one's own sign-in",
        "identity.sign-out": "Sign out", "identity.manage-people": "Manage people and their roles",
        "identity.keep-recovery-phrase": "Read and confirm the recovery phrase",
        "posture.read": "See the posture board", "ledger.read-entries": "Read the evidence log",
        "settings.read": "See the settings", "vault.search-patients": "Search for patients",
        "keyring.manage": "Manage keys on the machine", "vault.import-records": "Take records in",
        Impact.readChart: "Read a patient's chart",
    ]

    private static let titles = others.merging(
        (AccessActions.all + ProtectedClass.allCases.map(\.action)).map { ($0.id, $0.title) },
        uniquingKeysWith: { first, _ in first })
}
