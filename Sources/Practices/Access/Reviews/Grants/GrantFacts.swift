// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// What reviews and leavers tell the evidence log.
package enum GrantFacts {
    /// Somebody said whether a person still needs a role: `person`, `role`, `outcome` (`keep`, `remove`).
    package static let reviewed = FactKind("access.grant-reviewed.v1", "Role reviewed")
    /// A role that a review asked to be taken away is gone: `person`, `role`.
    package static let removed = FactKind("access.grant-removed.v1", "Role gone after review")
    /// What was kept for somebody whose account is closed was deleted: `person`, and how many `departments`,
    /// `practitioners`, `shifts` and `emergencies`.
    package static let leaverCleared = FactKind("access.leaver-cleared.v1", "Somebody who left was cleared away")

    /// All of them.
    package static let all = [reviewed, removed, leaverCleared]
}
