// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// What the log is told about applications and what they ask. The ids stay for ever.
package enum ApplicationFacts {
    /// An application was added: `application`, `house`, and of one with rules of its own `policies`, `entities`,
    /// `version`.
    package static let added = FactKind("access.application-added.v1", "Application added")
    /// Something about an application was changed: `application`, `changed` (`name`, `rules`, `token`, `enabled`,
    /// `disabled`, `honours-masks`, `ignores-masks`), and after `rules` the counts as above.
    package static let changed = FactKind("access.application-changed.v1", "Application changed")
    /// An application was removed, with its rules: `application`.
    package static let removed = FactKind("access.application-removed.v1", "Application removed")
    /// A program asked: `application`, `asked` (`evaluation`, `evaluations`, `search-subject`, `search-resource`,
    /// `search-action`), `decisions`, `permitted`, `outcomes` (one letter a decision, `p` or `d`; of a search none),
    /// the `policies` that decided, and pseudonyms of `subjects` and `resources`. What does not fit is counted:
    /// `moreOutcomes`, `morePolicies`, `moreSubjects`, `moreResources`.
    package static let evaluated = FactKind("access.evaluated.v1", "A program asked for decisions")

    /// All of them.
    package static let all = [added, changed, removed, evaluated]
}
