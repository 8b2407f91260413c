// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger

/// That a number was given to somebody, or taken away, as the log has it.
struct NumberHistory: Sendable {
    /// Its place in the log.
    let position: Int64
    let at: Instant
    /// Who did it.
    let actor: EntityReference
    /// The id of the person about whom it was.
    let person: String
    /// What was done, as the fact says it.
    let change: String

    /// All entries that carry this hash, the oldest first.
    static func entries(hash: String, _ house: House) async throws -> [NumberHistory] {
        try? await house.ledger.settle()
        var found: [NumberHistory] = []
        for kind in [AccountingFacts.staffChanged, StaffFacts.ownChange] {
            var query = LeafQuery(limit: 256)
            query.kind = kind.id
            while true {
                let leaves = try await house.ledger.leaves(query)
                found += leaves.compactMap { Self($0, hash: hash) }
                guard leaves.count == 256, let last = leaves.last else { break }
                query.before = last.position
            }
        }
        return found.sorted { $0.position < $1.position }
    }

    private init?(_ placed: PlacedLeaf, hash: String) {
        let data = placed.leaf.data
        guard let told = data["hash"]?.stringValue, told.utf8.elementsEqual(hash.utf8),
            let person = data["person"]?.stringValue, let change = data["change"]?.stringValue
        else { return nil }
        (position, at, actor) = (placed.position, placed.leaf.happened, placed.leaf.actor)
        (self.person, self.change) = (person, change)
    }
}
