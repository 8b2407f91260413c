// SPDX-License-Identifier: Apache-2.0

/// The one sentence at the top of the home page.
package struct PostureSentence: Component {
    /// How things stand as a whole.
    package var state: StatusChip.State
    /// The sentence; it is the page's `h1`.
    package var sentence: String
    /// When and from how much this was concluded.
    package var basis: HTML

    /// The one sentence at the top of the home page.
    package init(_ sentence: String, state: StatusChip.State, basis: HTML) {
        self.sentence = sentence
        self.state = state
        self.basis = basis
    }

    /// The sentence.
    package var html: HTML {
        """
        <div class="posture-sentence \(state.styleClass)">\(state.icon)<h1>\(sentence)</h1>\
        <p class="basis">\(basis)</p></div>
        """
    }
}

/// A few facts on which everything else rests, e.g. *Can this page be trusted?*
package struct TrustStrip: Component {
    /// One fact.
    package struct Fact: Sendable {
        var state: StatusChip.State
        var title: String
        var detail: HTML

        /// A fact, and how it is known.
        package init(_ title: String, state: StatusChip.State, detail: HTML) {
            self.title = title
            self.state = state
            self.detail = detail
        }
    }

    /// The question that the facts answer.
    package var question: String
    /// The facts, three or four.
    package var facts: [Fact]

    /// A few facts on which everything else rests.
    package init(_ question: String, _ facts: [Fact]) {
        self.question = question
        self.facts = facts
    }

    /// The strip.
    package var html: HTML {
        "<section class=\"trust-strip\"><h2>\(question)</h2><ul>\(facts.map(item))</ul></section>"
    }

    private func item(_ fact: Fact) -> HTML {
        """
        <li class="\(fact.state.styleClass)">\(fact.state.icon)<div><strong>\(fact.title)</strong>\
        <span class="trust-state">\(fact.state.word)</span><span class="trust-detail">\(fact.detail)</span>\
        </div></li>
        """
    }
}

/// One of the few things that want doing today.
package struct TodayItem: Component {
    /// What it belongs to, e.g. a practice; nil for none.
    package var about: Link?
    /// What is to be done, in one sentence.
    package var step: HTML
    /// Where it is done; nil where the reader cannot do it in the console.
    package var place: Link?

    /// One of the few things that want doing today.
    package init(about: Link? = nil, _ step: HTML, place: Link? = nil) {
        self.about = about
        self.step = step
        self.place = place
    }

    /// The item, for a list.
    package var html: HTML {
        let kicker: HTML? = about.map { "<span class=\"today-about\">\($0)</span>" }
        let go: HTML? = place.map { "<span class=\"today-place\">\($0)</span>" }
        return "<li>\(kicker)<span class=\"today-step\">\(step)</span>\(go)</li>"
    }
}

/// A practice on the home page: what is known, from how much, since when, and what to do next.
package struct PostureRow: Component {
    /// Its number, 1 to 10.
    package var number: Int
    /// Its name; leads to ``path``.
    package var title: String
    /// The page with the evidence.
    package var path: String
    /// What is known.
    package var chip: StatusChip
    /// From how much of what there is; nil when nothing was measured.
    package var coverage: CoverageBar?
    /// The last days, nil when there are none.
    package var trend: TrendBand?
    /// How old the newest figure is and where it comes from.
    package var source: HTML
    /// What to do next, or why nothing, with its title; nil when there is nothing to say.
    package var next: (title: String, text: HTML)?

    /// A practice on the home page.
    package init(
        number: Int, title: String, path: String, chip: StatusChip, coverage: CoverageBar? = nil,
        trend: TrendBand? = nil, source: HTML,
        next: (title: String, text: HTML)? = nil
    ) {
        self.number = number
        self.title = title
        self.path = path
        self.chip = chip
        self.coverage = coverage
        self.trend = trend
        self.source = source
        self.next = next
    }

    /// The row, a list item for ``PostureBoard``.
    package var html: HTML {
        let bar: HTML = coverage?.html ?? "<span class=\"no-figure\">No figures yet</span>"
        let step: HTML? = next.map { "<div class=\"posture-next\"><strong>\($0.title)</strong> \($0.text)</div>" }
        return """
            <li class="posture-row"><span class="posture-number">\(number)</span>\
            <h3 class="posture-title"><a href="\(path: path)">\(title)</a></h3>\
            <div class="posture-state">\(chip)</div>\
            <div class="posture-coverage">\(bar)</div>\
            <div class="posture-trend">\(trend)</div>\
            <div class="posture-source">\(source)</div>\(step)</li>

            """
    }
}

/// The rows of the home page.
package struct PostureBoard: Component {
    /// The rows, in order.
    package var rows: [PostureRow]
    /// The stretch of time that the trends show.
    package var trendTitle: String

    /// The rows of the home page.
    package init(_ rows: [PostureRow], trendTitle: String) {
        self.rows = rows
        self.trendTitle = trendTitle
    }

    /// The list with its column titles; these are for the eye, each row can be read alone.
    package var html: HTML {
        """
        <div class="posture-board"><div class="posture-columns" aria-hidden="true"><span>Practice</span>\
        <span>State</span><span>Coverage</span><span>\(trendTitle)</span></div><ol>\(rows)</ol></div>
        """
    }
}
