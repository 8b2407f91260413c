// SPDX-License-Identifier: Apache-2.0

import Kernel

/// A text of rules with what there is to say about it, so that it is checked once on its way into the store.
struct CheckedRules: Sendable {
    let text: [UInt8]
    let findings: RuleFindings
    /// What speaks against rules that have no errors.
    let objections: [String]
    /// Whether that is that they are too much to look at.
    var isTooLarge = false

    /// Whether it may be stored.
    var isSound: Bool { findings.errors.isEmpty && objections.isEmpty }

    /// - Throws: `Fault.invalidInput` with the first thing that is wrong, `Fault.refused` for what is too large.
    func demandSound() throws {
        guard let first = findings.errors.first?.sentence ?? objections.first else { return }
        throw Fault(isTooLarge ? .refused : .invalidInput, first)
    }
}
