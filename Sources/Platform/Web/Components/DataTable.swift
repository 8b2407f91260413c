// SPDX-License-Identifier: Apache-2.0

/// Rows and columns. On a phone each row becomes a card whose lines carry the column's title.
package struct DataTable: Component {
    /// A column.
    package struct Column: Sendable {
        var title: String
        var isNumber: Bool
        /// The way to the same list sorted by this column, where the server sorts it.
        var sorting: Sorting?

        /// Where the title leads, and how the list is sorted by it now: nil for not at all.
        struct Sorting: Sendable {
            var path: String
            var isDown: Bool?
        }

        /// A column; numbers stand at the right in figures of equal width.
        package init(_ title: String, isNumber: Bool = false) {
            self.title = title
            self.isNumber = isNumber
        }
    }

    /// What the table shows; read out by screen readers, printed above it.
    package var caption: String
    /// Whether the caption can be seen; a heading above the table often says the same.
    package var showsCaption: Bool
    /// The columns. The first one names the row.
    package var columns: [Column]
    /// The cells, row by row; cells beyond the columns are left out.
    package var rows: [[HTML]]
    /// A name of letters, digits and `-`, unique on the page, that turns on the search field above the table.
    package var filterName: String?
    /// Whether a row's cells stand in a line on a phone instead of one under the other; for short cells.
    package var isCompact: Bool
    /// Shown instead of rows when there are none.
    package var empty: EmptyState?

    /// Rows and columns.
    package init(
        caption: String, showsCaption: Bool = false, columns: [Column], rows: [[HTML]], filterName: String? = nil,
        isCompact: Bool = false, empty: EmptyState? = nil
    ) {
        self.caption = caption
        self.showsCaption = showsCaption
        self.columns = columns
        self.rows = rows
        self.filterName = filterName
        self.isCompact = isCompact
        self.empty = empty
    }

    /// The table. Its roles are spelt out because the phone layout takes the table display away.
    package var html: HTML {
        if rows.isEmpty, let empty { return empty.html }
        let captionClass: HTML = showsCaption ? "" : " class=\"visually-hidden\""
        let tableClass: HTML = isCompact ? "data-table is-compact" : "data-table"
        let heads: [HTML] = columns.map { column in
            let number: HTML = column.isNumber ? " class=\"number\"" : ""
            let title: HTML =
                column.sorting.map { "<a href=\"\(path: $0.path)\">\(column.title)</a>" } ?? "\(column.title)"
            let order = column.sorting?.isDown.map { $0 ? "descending" : "ascending" }
            return "<th role=\"columnheader\" scope=\"col\"\(attribute: "aria-sort", order)\(number)>\(title)</th>"
        }
        return """
            \(filterField)<table class="\(tableClass)" role="table"\(attribute: "id", filterName)>\
            <caption\(captionClass)>\(caption)</caption>
            <thead role="rowgroup"><tr role="row">\(heads)</tr></thead>
            <tbody role="rowgroup">\(body)</tbody></table>
            """
    }

    /// The start tags of the cells of every row.
    private var openings: [HTML] {
        columns.enumerated().map { index, column in
            let number: HTML = column.isNumber ? " class=\"number\"" : ""
            let name: HTML = index == 0 ? "th role=\"rowheader\" scope=\"row\"" : "td role=\"cell\""
            return "<\(name)\(number) data-label=\"\(column.title)\"><span class=\"cell\">"
        }
    }

    /// All rows go into one buffer: a table has a thousand cells.
    private var body: HTML {
        let openings = openings
        var out = HTMLInterpolation(literalCapacity: 0, interpolationCount: rows.count &* openings.count &* 6)
        for cells in rows {
            out.appendLiteral("<tr role=\"row\">")
            for (index, (opening, cell)) in zip(openings, cells).enumerated() {
                out.appendInterpolation(opening)
                out.appendInterpolation(cell)
                out.appendLiteral(index == 0 ? "</span></th>" : "</span></td>")
            }
            out.appendLiteral("</tr>\n")
        }
        return HTML(escaped: out)
    }

    private var filterField: HTML? {
        guard let filterName else { return nil }
        return """
            <div class="table-filter" data-filter="\(filterName)" hidden><label>\(Icon.search)\
            <span class="visually-hidden">Show only rows with</span>\
            <input type="search" placeholder="Find in this list" autocomplete="off"></label>\
            <span role="status"></span></div>
            """
    }
}
