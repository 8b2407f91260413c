// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Web

/// Which rules are new, gone or different, beside each other.
struct RuleDifferences: Component {
    let before: RuleBook
    let after: RuleBook

    var html: HTML {
        let ids = (before.policies.policies + after.policies.policies).map(\.id)
        var seen: Set<Text> = []
        let items: [HTML] = ids.filter { seen.insert($0).inserted }.compactMap(item)
        guard !items.isEmpty else {
            return "<p>The rules are the same; at most comments and spaces differ.</p>"
        }
        return HTML(items)
    }

    private func item(_ id: Text) -> HTML? {
        switch (before[id], after[id]) {
        case (let old?, let new?):
            guard old != new else { return nil }
            return block(id, "Changed", [("Now", old), ("In this draft", new)])
        case (nil, let new?): return block(id, "New", [("In this draft", new)])
        case (let old?, nil): return block(id, "Taken out", [("Now", old)])
        case (nil, nil): return nil
        }
    }

    private func block(_ id: Text, _ word: String, _ texts: [(String, Policy)]) -> HTML {
        let title = texts.last.flatMap { $0.1.annotation("title") }?.string ?? id.string
        let blocks: [HTML] = texts.map { "\(CodeBlock("\($0.1)", label: $0.0))" }
        return """
            <details class="rule-difference"><summary>\(word): \(title) <code>\(id.string)</code></summary>\
            <div class="columns">\(blocks)</div></details>
            """
    }
}
