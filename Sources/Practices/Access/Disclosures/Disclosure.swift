// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Ledger

/// An entry about a patient, in words.
struct Disclosure: Sendable {
    private let leaf: Ledger.Leaf

    init(_ leaf: Ledger.Leaf) {
        self.leaf = leaf
    }

    /// A way to read records.
    enum Interaction: Sendable, Hashable {
        /// A page of the chart, which shows many records.
        case chart(section: String)
        /// One record.
        case record(String)
    }

    /// How records were seen; nil for everything else that happened.
    var interaction: Interaction? {
        switch leaf.kind {
        case "vault.chart-read.v1": .chart(section: leaf.data["section"]?.stringValue ?? "")
        case "vault.record-read.v1": .record(leaf.data["record"]?.stringValue ?? "")
        default: nil
        }
    }

    /// What was seen or done, in the clinic's words.
    var words: String {
        switch interaction {
        case .chart(let section): return "Read the chart: \(section.isEmpty ? "a page" : section)\(classes)"
        case .record: return "Read one record\(classes)"
        case nil: return Self.titles[leaf.kind] ?? Self.name(of: leaf.kind)
        }
    }

    private var classes: String {
        let named = leaf.data["protected"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let titles = named.map { ProtectedClass(rawValue: $0)?.title ?? $0 }
        return titles.isEmpty ? "" : ", with protected records (\(titles.joined(separator: ", ")))"
    }

    private static let titles = Dictionary(
        (AccountingFacts.all + AccessFacts.all + EmergencyFacts.all).map { ($0.id, $0.title) } + [
            ("vault.imported.v1", "Records were taken in")
        ]
    ) { first, _ in first }

    /// Facts of other practices are named for what happened: `vault.record-damaged.v1`.
    private static func name(of kind: String) -> String {
        let parts = kind.split(separator: ".")
        let words = (parts.count > 1 ? parts[1] : Substring(kind)).replacing("-", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// Who acted, in the clinic's words.
    ///
    /// - Parameter people: the people of the directory, by id.
    func who(_ people: [String: PersonSummary]) -> String {
        switch leaf.actor.type {
        case "person": people[leaf.actor.id]?.name ?? "A person who is no longer here"
        case "operator": "Operator on the machine (user \(leaf.actor.id))"
        case "system": "Salus"
        case "application": "A program of the clinic"
        default: leaf.actor.type
        }
    }
}

extension PlacedLeaf {
    /// When it happened.
    var moment: Instant { leaf.effective ?? leaf.at }
}
