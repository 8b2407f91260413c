// SPDX-License-Identifier: Apache-2.0

import Web

/// Names what of a page does not open; nothing where all of it does.
struct DamageList: Component {
    private let damaged: [DamagedRecord]

    /// How many are named; the evidence log names all of them.
    private static let most = 20

    init(_ damaged: [DamagedRecord]) {
        self.damaged = damaged
    }

    var html: HTML {
        guard !damaged.isEmpty else { return "" }
        let items: [HTML] = damaged.prefix(Self.most).map { "<li>\(PlainWords.type($0.type)) \($0.id)</li>" }
        let rest: HTML? = damaged.count > items.count ? "<li>and \(damaged.count - items.count) more</li>" : nil
        return Callout(
            .danger, damaged.count == 1 ? "1 record does not open" : "\(damaged.count) records do not open",
            content: """
                <p>Tell your IT lead: what is damaged has to be restored from a backup.</p>\
                <ul>\(items)\(rest)</ul>
                """
        ).html
    }
}
