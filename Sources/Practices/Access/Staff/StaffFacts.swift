// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// What the log is told of somebody who changed what is kept about themselves.
package enum StaffFacts {
    /// The same as `AccountingFacts.staffChanged`, by the person themselves because nobody else could.
    package static let ownChange = FactKind(
        "access.staff-changed-own.v1", "Own department, numbers or shifts changed")

    /// All of them.
    package static let all = [ownChange]
}
