// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// What a check found.
struct CheckReport: Sendable {
    /// Something that is damaged or missing, as a line that names it.
    private(set) var errors: [String] = []
    /// How many there are; the lines of more than a thousand are left out.
    private(set) var errorCount = 0
    /// Things that do no harm and that a command can put in order.
    private(set) var hints: [String] = []
    /// Packs that are damaged or missing.
    private(set) var damagedPacks: Set<ObjectID> = []
    /// Whether `prune` would put something in order.
    private(set) var suggestsPrune = false
    /// Whether the index should be made anew from the packs.
    private(set) var suggestsIndexRepair = false
    var snapshots = 0
    var packs = 0
    /// Packs that were read from beginning to end.
    var packsRead = 0
    var bytesRead: Int64 = 0

    private static let kept = 1_000

    mutating func fail(_ line: String) {
        errorCount += 1
        if errors.count < Self.kept { errors.append(line) }
    }

    mutating func fail(pack: ObjectID, _ flaw: String) {
        damagedPacks.insert(pack)
        fail("pack \(pack.short): \(flaw)")
    }

    mutating func fail(index line: String) {
        suggestsIndexRepair = true
        fail(line)
    }

    mutating func hintPrune(_ line: String) {
        suggestsPrune = true
        hints.append(line)
    }
}
