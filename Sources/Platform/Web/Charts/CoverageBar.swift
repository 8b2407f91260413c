// SPDX-License-Identifier: Apache-2.0

/// How many of all are as they should be, and how many nobody measured.
///
/// Three segments that differ by filling and not by colour alone: filled (met), hollow (not met), hatched (not
/// measured).
package struct CoverageBar: Component {
    /// How many are as they should be.
    package let met: Int
    /// How many there are.
    package let total: Int
    /// How many of ``total`` were not measured.
    package let unmeasured: Int
    /// What is counted, in the plural, e.g. `devices`.
    package let noun: String

    /// How many of all are as they should be; figures that contradict each other are cut down to what fits.
    package init(met: Int, of total: Int, unmeasured: Int = 0, noun: String) {
        let all = max(total, 0)
        self.total = all
        self.met = min(max(met, 0), all)
        self.unmeasured = min(max(unmeasured, 0), all - self.met)
        self.noun = noun
    }

    private static let width = 160
    private static let height = 10

    /// The bar with its figures beside it.
    package var html: HTML {
        """
        <span class="coverage"><svg class="coverage-bar" role="img" viewBox="0 0 160 10" width="160" height="10">\
        <title>\(figures)</title><desc>\(description)</desc>\(segments)</svg>\
        <span class="coverage-figures" aria-hidden="true">\(figures)</span></span>
        """
    }

    /// The figures in words.
    var figures: String {
        let first = "\(grouped(met)) of \(grouped(total)) \(noun)"
        return unmeasured == 0 ? first : first + ", \(grouped(unmeasured))\u{A0}not\u{A0}measured"
    }

    private var description: String {
        "\(met) as they should be, \(total - met - unmeasured) not, \(unmeasured) not measured"
    }

    private var segments: HTML {
        let metEnd = Self.share(met, of: total)
        let hatchStart = unmeasured == 0 ? Self.width : Self.share(total - unmeasured, of: total)
        let filled: HTML? = metEnd > 0 ? "<rect class=\"fill-met\" width=\"\(metEnd)\" height=\"10\"/>" : nil
        let hollow = hatchStart - metEnd > 1 && total > 0 ? Self.hollow(from: metEnd, to: hatchStart) : nil
        let hatched = total == 0 ? Self.hatch(from: 0) : (hatchStart < Self.width ? Self.hatch(from: hatchStart) : nil)
        return "\(filled)\(hollow)\(hatched)"
    }

    private static func hollow(from start: Int, to end: Int) -> HTML {
        "<rect class=\"stroke-not-met\" x=\"\(start + 1)\" y=\"1\" width=\"\(max(end - start - 2, 1))\" height=\"8\"/>"
    }

    /// Diagonals that are cut at the ends; a pattern would need an id, which must be unique on the page.
    private static func hatch(from start: Int) -> HTML {
        var path = ""
        for x in stride(from: start - height, to: width, by: 5) {
            let low = max(x, start)
            let high = min(x + height, width)
            guard high > low else { continue }
            path += "M\(low) \(height - (low - x))L\(high) \(height - (high - x))"
        }
        return """
            <path class="stroke-unknown" d="\(path)"/>\
            <path class="stroke-unknown" d="M\(start) .5H\(width)M\(start) 9.5H\(width)"/>
            """
    }

    /// Where a share ends; anything that is not all stays visibly short of the end, anything but none is visible.
    private static func share(_ part: Int, of total: Int) -> Int {
        guard total > 0, part > 0 else { return 0 }
        guard part < total else { return width }
        let exact = Double(part) / Double(total) * Double(width)
        return min(max(Int(exact), 3), width - 4)
    }
}
