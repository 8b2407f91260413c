// SPDX-License-Identifier: Apache-2.0

import Access
import Backup
import Building
import Identity
import Kernel
import Keyring
import Ledger
import Posture
import Store
import Transit
import Vault

/// The one list of what the house is made of. Adding a practice is one folder and one line here.
enum Practices {
    /// The practices in the order in which they move in.
    static let all: [any Practice.Type] = [
        IdentityPractice.self,
        AccessPractice.self,
        VaultPractice.self,
        TransitPractice.self,
        BackupPractice.self,
    ]

    /// Every table of the house, the platform's first.
    static var migrations: [Migration] {
        EvidenceLog.migrations + Keyring.migrations + JobRunner.migrations + HouseRegister.migrations
            + PostureBook.migrations + all.flatMap { $0.migrations }
    }

    /// What people and programs can do here.
    static var actions: [Action] { ConsoleActions.all + all.flatMap { $0.actions } }

    /// Everything that the house proves about itself, the platform's own last.
    static var measures: [Measure] { all.flatMap { $0.measures } + PlatformProbes.measures }

    /// Every kind of fact that may stand in the log.
    static var facts: [FactKind] {
        KeyringFacts.all + [PostureFacts.reading] + ServerFacts.all
            + all.flatMap { $0.facts }
    }
}

/// What the program itself tells the evidence log.
enum ServerFacts {
    /// The program started to serve.
    static let started = FactKind("server.started.v1", "Salus started")
    /// The program stopped as asked.
    static let stopped = FactKind("server.stopped.v1", "Salus stopped")
    /// The store was moved into another database.
    static let moved = FactKind("server.moved.v1", "Store moved into a PostgreSQL database")
    /// New connections are shown another certificate, which the operator put into its file.
    static let certificateRenewed = FactKind("server.certificate-renewed.v1", "The console got a new certificate")
    /// What the operator put into the certificate's files is not usable; the certificate from before is kept.
    static let certificateRefused = FactKind("server.certificate-refused.v1", "A new certificate could not be used")
    /// All of them.
    static let all = [started, stopped, moved, certificateRenewed, certificateRefused]
}
