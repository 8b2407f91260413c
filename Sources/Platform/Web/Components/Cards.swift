// SPDX-License-Identifier: Apache-2.0

/// One thing among a few of its kind, e.g. on the home page.
package struct Card: Component {
    /// The heading.
    package var title: String
    /// The state beside the heading, nil for none.
    package var chip: StatusChip?
    /// What it says.
    package var content: HTML
    /// A link or button at the bottom.
    package var action: HTML

    /// One thing among a few of its kind.
    package init(_ title: String, chip: StatusChip? = nil, content: HTML, action: HTML = "") {
        self.title = title
        self.chip = chip
        self.content = content
        self.action = action
    }

    /// The card.
    package var html: HTML {
        let bottom: HTML? = action.isEmpty ? nil : "<div class=\"card-action\">\(action)</div>"
        return """
            <article class="card"><div class="card-heading"><h3>\(title)</h3>\(chip)</div>\
            <div class="card-content">\(content)</div>\(bottom)</article>
            """
    }
}

/// Cards beside each other, as many as fit.
package struct CardGrid: Component {
    /// The cards.
    package var cards: [Card]

    /// Cards beside each other.
    package init(_ cards: [Card]) { self.cards = cards }

    /// The grid.
    package var html: HTML { "<div class=\"card-grid\">\(cards)</div>" }
}

/// Names and their values.
package struct DefinitionList: Component {
    /// The pairs, in order.
    package var pairs: [(term: String, value: HTML)]

    /// Names and their values.
    package init(_ pairs: [(term: String, value: HTML)]) { self.pairs = pairs }

    /// The list.
    package var html: HTML {
        let rows: [HTML] = pairs.map { "<div><dt>\($0.term)</dt><dd>\($0.value)</dd></div>" }
        return "<dl class=\"definitions\">\(rows)</dl>"
    }
}

/// How much of something is done.
package struct ProgressBar: Component {
    /// What is going on.
    package var label: String
    /// How much is done, of ``total``.
    package var done: Int
    /// How much there is; nil when nobody knows.
    package var total: Int?

    /// How much of something is done.
    package init(_ label: String, done: Int, of total: Int?) {
        self.label = label
        self.done = done
        self.total = total
    }

    /// The bar, with the figures as text.
    package var html: HTML {
        guard let total else {
            return "<label class=\"progress\"><span>\(label)</span><progress></progress></label>"
        }
        return """
            <label class="progress"><span>\(label)</span><progress value="\(done)" max="\(max(total, 1))"></progress>\
            <span class="progress-figures">\(grouped(done)) of \(grouped(total))</span></label>
            """
    }
}

/// Where the reader is in a short procedure, such as setting up sign-in.
package struct StepList: Component {
    /// The names of the steps.
    package var steps: [String]
    /// The step that is shown, counted from 0.
    package var current: Int

    /// Where the reader is in a short procedure.
    package init(_ steps: [String], current: Int) {
        self.steps = steps
        self.current = current
    }

    /// The list.
    package var html: HTML {
        let items: [HTML] = steps.enumerated().map { index, step in
            let state: HTML = index < current ? " class=\"is-done\"" : ""
            return "<li\(state)\(attribute: "aria-current", index == current ? "step" : nil)>\(step)</li>"
        }
        return "<ol class=\"steps\" aria-label=\"Steps\">\(items)</ol>"
    }
}
