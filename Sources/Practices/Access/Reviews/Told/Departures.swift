// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger

/// What the evidence log tells of somebody who left: who closed the account, and what was still kept for them then.
struct Departure: Sendable {
    /// The entry by which the account was closed; nil where the log has none.
    private(set) var closing: PlacedLeaf?
    /// The entries by which Salus cleared away what was still kept, newest first.
    private(set) var clearings: [PlacedLeaf] = []

    /// The ids under which these stand in the log for ever.
    private static let disabled = "identity.person-disabled.v1"

    /// How many there were of each thing that was still kept.
    func count(_ name: String) -> Int64 {
        clearings.reduce(0) { sum, placed in
            let (next, overflow) = sum.addingReportingOverflow(placed.leaf.data[name]?.integerValue ?? 0)
            return overflow ? .max : next
        }
    }

    /// The departures of these people.
    ///
    /// - Parameter changed: when each account was closed; the log is read back to the earliest of these.
    static func read(
        of changed: [Identifier<Kernel.Person>: Instant], _ house: House
    ) async throws -> [Identifier<Kernel.Person>: Departure] {
        guard let earliest = changed.values.min() else { return [:] }
        var departures: [Identifier<Kernel.Person>: Departure] = [:]
        for kind in [disabled, GrantFacts.leaverCleared.id] {
            for placed in try await leaves(kind, since: earliest, house) {
                guard let person = placed.leaf.data["person"]?.stringValue.flatMap({ Identifier<Kernel.Person>($0) }),
                    let closed = changed[person], placed.leaf.happened >= closed
                else { continue }
                if kind.utf8.elementsEqual(disabled.utf8) {
                    departures[person, default: Departure()].closing = placed
                } else {
                    departures[person, default: Departure()].clearings.append(placed)
                }
            }
        }
        return departures
    }

    /// The leaves of a kind from a moment on, newest first.
    private static func leaves(_ kind: String, since start: Instant, _ house: House) async throws -> [PlacedLeaf] {
        var query = LeafQuery(limit: 256)
        query.kind = kind
        var found: [PlacedLeaf] = []
        while true {
            let page = try await house.ledger.leaves(query)
            found += page.prefix { $0.leaf.happened >= start }
            guard page.count == 256, let last = page.last, last.leaf.happened >= start else { return found }
            query.before = last.position
        }
    }
}
