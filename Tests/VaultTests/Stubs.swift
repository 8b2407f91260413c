// SPDX-License-Identifier: Apache-2.0

import Kernel
import Synchronization

@testable import Vault

/// A directory without people.
struct Nobody: PeopleDirectory {
    func person(_ id: Identifier<Person>) async throws -> PersonSummary? { nil }
    func everyone() async throws -> [PersonSummary] { [] }
    func signedIn(cookie: String) async throws -> SignedIn? { nil }
}

/// Allows everything.
struct Everything: Authorizer {
    func decide(_ request: AccessRequest) async throws -> Decision {
        Decision(isAllowed: true, rules: ["test"], explanation: "A test.")
    }
}

/// Outcomes in the order in which they were told.
final class Outcomes: Sendable {
    private let outcomes = Mutex<[ImportOutcome]>([])

    func append(_ outcome: ImportOutcome) {
        outcomes.withLock { $0.append(outcome) }
    }

    var all: [ImportOutcome] {
        outcomes.withLock { $0 }
    }
}
