// SPDX-License-Identifier: Apache-2.0

import Kernel

/// How many failures are borne within a quarter of an hour, and of whom.
///
/// Whoever signs in from a browser that is known for them is counted by that browser alone: nobody else can use up
/// their attempts, so a clinician cannot be locked out from outside.
enum Budget: String, Sendable, CaseIterable {
    /// A browser that is known for this person.
    case device
    /// A sign-in name at one address.
    case accountAtSource = "account-at-source"
    /// One address, whatever name.
    case source
    /// The right password with a wrong code, for a sign-in name.
    case code
    /// A sign-in name from all unknown browsers together.
    case account
    /// Proofs on one's own account page.
    case proof

    /// How many failures are borne.
    var limit: Int64 {
        switch self {
        case .device, .accountAtSource, .code, .proof: 10
        case .source: 50
        case .account: 200
        }
    }

    /// How long they count.
    static let window = Duration.minutes(15)
}

/// A count of failures under a name that reveals neither account nor address.
struct Bucket: Sendable {
    /// The keyed name.
    let name: [UInt8]
    /// How many failures are borne.
    let limit: Int64
}

/// A budget is used up. Thrown inside a transaction, so that nothing of the attempt is counted.
struct BudgetUsedUp: Error {
    /// When to try again.
    let until: Instant
}

extension Registry {
    /// The bucket of `budget` for `parts`: an account, an address, a device.
    func bucket(_ budget: Budget, _ parts: [UInt8]...) -> Bucket {
        Bucket(name: keyedName("attempts/\(budget.rawValue)", parts), limit: budget.limit)
    }
}
