// SPDX-License-Identifier: Apache-2.0

package import Kernel
package import Keyring
package import Ledger
import Logging
package import Store
package import Web

/// What every practice is given: the ports to the rest of the house, and nothing else.
///
/// Immutable. A port more needs a decision record.
package struct House: Sendable {
    /// The evidence log: tell what happened, read what was told.
    package let ledger: EvidenceLog
    /// The store of rows.
    package let store: Database
    /// The time.
    package let clock: any TimeSource
    /// Who is who.
    package let directory: any PeopleDirectory
    /// Who may do what, and why.
    package let authorizer: any Authorizer
    /// What seals and opens.
    package let keyring: Keyring
    /// The clock on the institution's wall; no port, but needed wherever a page says when.
    package let localTime: LocalTime
    /// Where people reach the console, for the links that commands print: `https://salus.clinic.example:8443`.
    package let address: String

    /// A house with these ports.
    package init(
        ledger: EvidenceLog, store: Database, clock: any TimeSource, directory: any PeopleDirectory,
        authorizer: any Authorizer, keyring: Keyring, localTime: LocalTime = .utc,
        address: String = "https://localhost:8443"
    ) {
        self.ledger = ledger
        self.store = store
        self.clock = clock
        self.directory = directory
        self.authorizer = authorizer
        self.keyring = keyring
        self.localTime = localTime
        self.address = address
    }
}
