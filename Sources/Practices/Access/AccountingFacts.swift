// SPDX-License-Identifier: Apache-2.0

import Codecs
package import Kernel

/// What is told the log so that every act and every look into the accounting can be explained later.
package enum AccountingFacts {
    /// Somebody did what the rules allow only to some: `action`, `resource`, `id`, and the `rules` that allowed it.
    package static let allowed = FactKind("access.allowed.v1", "Allowed")
    /// Who can see a patient's records was listed: how many `people` and `closed` accounts were asked, how many
    /// `readers` there are, and the `rules` that allowed to ask.
    package static let readersListed = FactKind("access.readers-listed.v1", "Readers listed")
    /// Who has seen a patient's records was read: how many `entries`, in which `form`, and the `rules` that allowed it.
    package static let disclosuresRead = FactKind("access.disclosures-read.v1", "Accounting of disclosures read")
    /// What is kept about a member of staff changed: `person`, and the `change`; of a shift also `from` and `until`, of a
    /// number or department a keyed `hash`.
    package static let staffChanged = FactKind("access.staff-changed.v1", "Department, numbers or shifts changed")

    /// All of them.
    package static let all = [allowed, readersListed, disclosuresRead, staffChanged]
}

extension Decision {
    /// The rules that decided, as a fact keeps them.
    var ruleMember: CanonicalMember {
        .init("rules", .array(rules.map { .string($0) }))
    }
}
