// SPDX-License-Identifier: Apache-2.0

import Web

/// A text of rules to be written, with the numbers of its lines and what is wrong in them.
struct RuleEditor: Component {
    let text: String
    let note: String
    let findings: [RuleFindings.Finding]
    /// What speaks against rules that have no errors.
    let objections: [String]

    /// Lines beyond the text that have a number before they are written.
    private static let spare = 200

    var html: HTML {
        """
        \(notice)<div class="field"><label for="policies">Rules (Cedar policies)</label>\
        <div class="rule-editor"><div class="rule-lines" aria-hidden="true">\(numbers)</div>\
        <textarea id="policies" name="policies" rows="\(lineCount + 1)" wrap="off" spellcheck="false" \
        autocapitalize="off" autocomplete="off"\
        \(attribute: "aria-describedby", findings.isEmpty ? nil : "findings")>
        \(text)</textarea></div></div>\
        \(FormField("note", label: "Note for those who approve", kind: .paragraph(rows: 3), value: note,
            hint: "Why this is needed. Name no patients."))
        """
    }

    private var lineCount: Int { text.utf8.count { $0 == 0x0A } + 1 }

    /// The places of findings are links from the list above.
    private var numbers: HTML {
        let marks = Dictionary(grouping: findings.filter { $0.line != nil }, by: { $0.line ?? 0 })
        let lines: [HTML] = (1...(lineCount + Self.spare)).map { number in
            guard let found = marks[number] else { return "\(number)\n" }
            let style: HTML = found.contains(where: \.isError) ? "is-not-met" : "is-partial"
            return "<span id=\"line-\(number)\" class=\"rule-line \(style)\">\(number)</span>\n"
        }
        return HTML(lines)
    }

    private var notice: HTML? {
        guard !findings.isEmpty || !objections.isEmpty else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let items: [HTML] = findings.map { finding in
            let kind: HTML = finding.isError ? "" : "<em>Warning.</em> "
            guard let line = finding.line else { return "<li>\(kind)\(finding.sentence)</li>" }
            let excerpt = lines.indices.contains(line - 1) ? String(lines[line - 1].prefix(160)) : ""
            return """
                <li><a href="#line-\(line)">Line \(line)</a>: \(kind)\(finding.sentence)\
                <pre class="rule-excerpt"><code>\(excerpt)</code></pre></li>
                """
        }
        let more: [HTML] = objections.map { "<li>\($0)</li>" }
        let isBad = findings.contains(where: \.isError) || !objections.isEmpty
        return """
            <div id="findings">\(Callout(isBad ? .danger : .warning,
                isBad ? "This cannot be saved yet" : "This can be saved, but look at it",
                content: "<ul>\(items)\(more)</ul>"))</div>
            """
    }
}
