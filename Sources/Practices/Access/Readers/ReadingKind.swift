// SPDX-License-Identifier: Apache-2.0

import Kernel

/// A kind of reading that rules decide about: the chart, or beside it a class of protected records.
struct ReadingKind: Sendable {
    /// The head of its column.
    let title: String
    /// What the rules are asked about.
    let action: Action

    /// Reading the chart, without which no protected record is shown.
    static let chart = ReadingKind(
        title: "Chart", action: Action("vault.read-chart", "Read a patient's chart"))
    /// Reading protected records.
    static let protected = ProtectedClass.allCases.map { ReadingKind(title: $0.title, action: $0.action) }
}
