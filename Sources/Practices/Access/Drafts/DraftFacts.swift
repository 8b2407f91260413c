// SPDX-License-Identifier: Apache-2.0

import Kernel

/// What the evidence log is told about drafts of rules. The ids stay for ever.
enum DraftFacts {
    /// Somebody saved a draft: `draft`, `base` (the version it began from), `digest` of the text.
    static let drafted = FactKind("access.rules-drafted.v1", "Rules drafted")
    /// Somebody approved a draft and its impact: `draft`, `digest` of the text, `impact`.
    static let approved = FactKind("access.rules-approved.v1", "Rules approved")
    /// Rules are in force from now on: `draft`, `version`, `digest` of the text, `gained`, `lost`.
    static let inForce = FactKind("access.rules-in-force.v1", "Rules put in force")
    /// Somebody who could have approved a draft sent it back to its author: `draft`, `digest` of the text.
    static let sentBack = FactKind("access.rules-sent-back.v1", "Draft of rules sent back")
    /// A draft was withdrawn: `draft`.
    static let withdrawn = FactKind("access.rules-withdrawn.v1", "Draft of rules withdrawn")

    static let all = [drafted, approved, inForce, sentBack, withdrawn]
}
