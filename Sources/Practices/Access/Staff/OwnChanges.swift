// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Web

/// Who changed their own department, number or shifts, because nobody else in the clinic could: as the log has it.
struct OwnChanges: Sendable {
    /// The newest first.
    let changes: [Change]

    /// How far back they are shown: as far as emergencies are.
    static let days = EmergencyReviews.days
    /// How many are shown at most.
    private static let most: Int64 = 100

    /// One change.
    struct Change: Sendable {
        let person: Identifier<Kernel.Person>
        /// What, as the fact says it.
        let change: String
        let at: Instant
        /// Its place in the log.
        let position: Int64
    }

    /// Reads the log.
    static func read(_ house: House) async throws -> OwnChanges {
        try? await house.ledger.settle()
        var query = LeafQuery(limit: most)
        query.kind = StaffFacts.ownChange.id
        let start = house.clock.now().advanced(by: .days(-days))
        let changes = try await house.ledger.leaves(query).compactMap { placed -> Change? in
            guard placed.leaf.happened > start, let change = placed.leaf.data["change"]?.stringValue,
                let person = placed.leaf.data["person"]?.stringValue.flatMap({ Identifier<Kernel.Person>($0) })
            else { return nil }
            return Change(person: person, change: change, at: placed.leaf.happened, position: placed.position)
        }
        return OwnChanges(changes: changes)
    }

    /// Those of one person.
    func of(_ person: Identifier<Kernel.Person>) -> OwnChanges {
        OwnChanges(changes: changes.filter { $0.person == person })
    }

    /// What those see who watch over access; nothing where nobody did so.
    func callout(_ names: [Identifier<Kernel.Person>: String], _ time: LocalTime) -> HTML? {
        guard !changes.isEmpty else { return nil }
        let items: [HTML] = changes.map { change in
            let name = names[change.person] ?? "Somebody who is no longer here"
            let entry = Link("Entry \(change.position)", to: "/log/\(change.position)")
            return "<li>\(name) \(change.words), \(TimeText(change.at, in: time)). \(entry)</li>"
        }
        return Callout(
            .warning, "Changed for themselves",
            content: """
                <p>Nobody else could do it, so Salus allowed it. Ask why, if you did not expect it. It stands here for \
                \(Self.days) days, and in the log for ever.</p><ul>\(items)</ul>
                """
        ).html
    }
}

extension OwnChanges.Change {
    /// What somebody did about themselves.
    var words: String {
        switch change {
        case "department-set": "gave themselves a department"
        case "department-cleared": "removed their own department"
        case "number-added": "gave themselves a number in the records"
        case "number-removed": "removed a number of their own"
        case "shift-added": "gave themselves a shift"
        case "shift-removed": "removed a shift of their own"
        default: "changed what is kept about themselves"
        }
    }
}
