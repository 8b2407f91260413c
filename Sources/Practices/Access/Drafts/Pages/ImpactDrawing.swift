// SPDX-License-Identifier: Apache-2.0

import Web

/// Before and after, drawn: for each kind of thing a hollow bar of what is allowed now, and a filled one of what would
/// be. The figures stand beside them.
struct ImpactDrawing: Component {
    let impact: Impact

    private static let width = 400

    var html: HTML {
        let rows = Impact.Row.all.map { ($0, impact.tallies[$0] ?? .init()) }
        let lines: [HTML] = rows.map { row, tally in
            let most = max(tally.before, tally.after)
            return """
                <li class="impact-row"><span class="impact-title">\(row.title)</span>\
                <svg viewBox="0 0 400 22" width="400" height="22" role="img" preserveAspectRatio="none">\
                <title>\(row.title)</title>\
                <desc>\(grouped(tally.before)) allowed before, \(grouped(tally.after)) after</desc>\
                \(Self.bar(tally.before, of: most, y: 1, isAfter: false, tally))\
                \(Self.bar(tally.after, of: most, y: 12, isAfter: true, tally))</svg>\
                <span class="impact-figures">\(grouped(tally.before)) → \(grouped(tally.after))\(Self.difference(tally))</span></li>
                """
        }
        return """
            <figure class="impact-drawing"><figcaption class="note">Hollow: allowed now. Filled: allowed under this \
            draft. Charts are counted once for each person who may read them.</figcaption><ul>\(lines)</ul></figure>
            """
    }

    private static func bar(_ count: Int, of most: Int, y: Int, isAfter: Bool, _ tally: Impact.Tally) -> HTML {
        guard count > 0, most > 0 else {
            return "<path class=\"chart-axis\" d=\"M0.5 \(y)v8\"/>"
        }
        let exact = Int(Double(count) / Double(most) * Double(width - 2))
        // A difference that is too small to draw is drawn all the same.
        let length = count < most ? min(max(exact, 3), width - 6) : width - 2
        guard isAfter else {
            return "<rect class=\"impact-before\" x=\"1\" y=\"\(y)\" width=\"\(length)\" height=\"8\"/>"
        }
        let style: HTML =
            tally.after > tally.before ? "is-not-met" : tally.after < tally.before ? "is-partial" : "is-info"
        return "<rect class=\"impact-after \(style)\" x=\"1\" y=\"\(y)\" width=\"\(length)\" height=\"9\"/>"
    }

    private static func difference(_ tally: Impact.Tally) -> HTML {
        let difference = tally.after - tally.before
        guard difference != 0 else { return " <span class=\"note\">the same</span>" }
        return " <strong>\(difference > 0 ? "+" : "−")\(grouped(abs(difference)))</strong>"
    }
}
