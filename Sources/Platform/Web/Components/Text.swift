// SPDX-License-Identifier: Apache-2.0

/// A hash, a key or another text that is read exactly, with a copy button where scripts run.
package struct HashText: Component {
    /// The whole text; it is what is copied.
    package var value: String
    /// How many characters are shown, nil for all in groups that break anywhere.
    package var length: Int?

    /// A text that is read exactly.
    package init(_ value: String, length: Int? = 12) {
        self.value = value
        self.length = length
    }

    /// The text.
    package var html: HTML {
        let isCut = length.map { value.count > $0 } ?? false
        let shown = isCut ? String(value.prefix(length ?? 0)) + "…" : value
        let title = isCut ? value : nil
        return """
            <span class="hash"><code\(attribute: "title", title)>\(shown)</code>\
            <button class="copy-button" type="button" data-copy="\(value)" hidden>\(Icon.copy)\
            <span class="visually-hidden">Copy</span></button></span>
            """
    }
}

/// A block of text as a machine wrote or wants it.
package struct CodeBlock: Component {
    /// The text.
    package var text: String
    /// What it is, for screen readers and above it.
    package var label: String

    /// A block of text as a machine wrote or wants it.
    package init(_ text: String, label: String) {
        self.text = text
        self.label = label
    }

    /// The block; it scrolls by itself and can be reached by the keyboard for that.
    package var html: HTML {
        """
        <figure class="code-block"><figcaption>\(label)<button class="copy-button" type="button" \
        data-copy="\(text)" hidden>\(Icon.copy)<span>Copy</span></button></figcaption>\
        <pre tabindex="0"><code>\(text)</code></pre></figure>
        """
    }
}

/// A moment in the reader's words with the exact one behind it.
package struct TimeText: Component {
    /// What is read, e.g. `4 minutes ago`.
    package var shown: String
    /// The exact moment (RFC 3339).
    package var exact: String

    /// A moment in the reader's words.
    package init(_ shown: String, exact: String) {
        self.shown = shown
        self.exact = exact
    }

    /// The moment.
    package var html: HTML { "<time datetime=\"\(exact)\" title=\"\(exact)\">\(shown)</time>" }
}

/// What happened, one under the other.
package struct Timeline: Component {
    /// One thing that happened.
    package struct Entry: Sendable {
        var time: HTML
        var title: HTML
        var detail: HTML
        var state: StatusChip.State?

        /// When, what, and more about it; the state marks the line by its icon.
        package init(time: HTML, title: HTML, detail: HTML = "", state: StatusChip.State? = nil) {
            self.time = time
            self.title = title
            self.detail = detail
            self.state = state
        }
    }

    /// The entries, in the order in which they are read.
    package var entries: [Entry]

    /// What happened.
    package init(_ entries: [Entry]) { self.entries = entries }

    /// The list.
    package var html: HTML { "<ol class=\"timeline\">\(entries.map(item))</ol>" }

    private func item(_ entry: Entry) -> HTML {
        let detail: HTML? = entry.detail.isEmpty ? nil : "<div class=\"timeline-detail\">\(entry.detail)</div>"
        let mark: HTML = entry.state.map { "<span class=\"timeline-mark \($0.styleClass)\">\($0.icon)</span>" } ?? ""
        return """
            <li><span class="timeline-time">\(entry.time)</span><div class="timeline-body">\
            <span class="timeline-title">\(mark)\(entry.title)</span>\(detail)</div></li>
            """
    }
}
