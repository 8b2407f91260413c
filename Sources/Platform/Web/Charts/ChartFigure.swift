// SPDX-License-Identifier: Apache-2.0

/// What stands around every chart: its title, its legend, its ends, and the same figures as a table for whoever reads or
/// listens instead of looking.
package struct ChartFigure: Component {
    /// What is shown, with its unit.
    package let label: String
    /// What the marks mean.
    package let legend: [(mark: HTML, words: String)]
    /// The drawing.
    package let drawing: HTML
    /// What stands under the left and the right end.
    package let ends: (left: HTML, right: HTML)
    /// The same figures.
    package let table: DataTable

    /// A chart with its table.
    package init(
        _ label: String, legend: [(mark: HTML, words: String)] = [], drawing: HTML, ends: (left: HTML, right: HTML),
        table: DataTable
    ) {
        (self.label, self.legend, self.drawing, self.ends, self.table) = (label, legend, drawing, ends, table)
    }

    /// The figure.
    package var html: HTML {
        let marks: [HTML] = legend.map { "<li>\($0.mark)\($0.words)</li>" }
        let key: HTML? = marks.isEmpty ? nil : "<ul class=\"chart-legend\" aria-hidden=\"true\">\(marks)</ul>"
        return """
            <figure class="chart"><figcaption>\(label)</figcaption>\(key)\(drawing)\
            <div class="plot-ends" aria-hidden="true"><span>\(ends.left)</span><span>\(ends.right)</span></div>\
            <details><summary>Show the figures</summary>\(table)</details></figure>
            """
    }

    /// A small square of a legend, filled as the marks of that state are.
    package static func key(_ state: StatusChip.State) -> HTML {
        """
        <svg class="chart-key" viewBox="0 0 12 12" width="12" height="12"><path class="column \(state.styleClass)" \
        d="M1 1H11V11H1Z"/></svg>
        """
    }
}
