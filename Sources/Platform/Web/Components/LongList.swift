// SPDX-License-Identifier: Apache-2.0

/// One page of a list, and the way to the others: the whole of it would be megabytes where thousands work.
///
/// A list of at most ``pageSize`` is shown whole, with the search that the browser does by itself. In a longer one the
/// server searches, so that what is not on the page is found as well; words and page stand in the address.
package struct LongList<Element: Sendable>: Sendable {
    /// How many rows one page shows.
    package static var pageSize: Int { 200 }

    /// Those of this page.
    package let shown: [Element]
    /// How many there are in all.
    package let total: Int
    private let name: String
    private let path: String
    private let kept: [(name: String, value: String)]
    private let words: String
    private let matching: Int
    private let page: Int
    /// The columns that the server sorts by, counted from 1, and the one that was asked for: negative for downwards.
    private let sortable: Set<Int>
    private let order: Int?

    /// The page of a list that a request asks for.
    ///
    /// - Parameters:
    ///   - all: The whole list, in its order.
    ///   - name: Letters, digits and `-`, unique on the page: the field of the address that holds the page's number,
    ///     and the id of the table.
    ///   - text: What is searched for the words, without regard to capitals.
    ///   - sorts: By what the rows of a long list are sorted, by the number of the column, counted from 1.
    package init(
        _ all: [Element], _ name: String, of request: PageRequest, text: (Element) -> String,
        sorts: [Int: (Element) -> String] = [:]
    ) {
        self.name = name
        path = request.path
        kept = request.query.all.filter { ![name, "\(name)-find", "\(name)-sort"].contains($0.name) }
        total = all.count
        sortable = Set(sorts.keys)
        let asked = request.query["\(name)-sort"].flatMap { Int($0) }
        order = asked.flatMap { sorts[Int(clamping: $0.magnitude)] == nil ? nil : $0 }
        guard total > Self.pageSize else {
            (words, matching, page, shown) = ("", total, 1, all)
            return
        }
        words = String((request.query["\(name)-find"] ?? "").drop(while: \.isWhitespace).prefix(100))
        let parts = words.lowercased().split(whereSeparator: \.isWhitespace)
        let found =
            parts.isEmpty
            ? all
            : all.filter { element in
                let text = text(element).lowercased()
                return parts.allSatisfy { text.contains($0) }
            }
        let sorted = order.flatMap { order in
            sorts[abs(order)].map { Self.sort(found, by: $0, isDown: order < 0) }
        }
        matching = found.count
        let pages = max((found.count + Self.pageSize - 1) / Self.pageSize, 1)
        page = min(max(request.query[name].flatMap { Int($0) } ?? 1, 1), pages)
        shown = Array((sorted ?? found).dropFirst((page - 1) * Self.pageSize).prefix(Self.pageSize))
    }

    /// Without regard to capitals; what has no value stands at the end, whichever way the rest goes.
    private static func sort(_ elements: [Element], by key: (Element) -> String, isDown: Bool) -> [Element] {
        let keyed = elements.enumerated().map { (key: Array(key($1).lowercased().utf8), place: $0, element: $1) }
        return keyed.sorted { left, right in
            if left.key.isEmpty != right.key.isEmpty { return right.key.isEmpty }
            if left.key == right.key { return left.place < right.place }
            return left.key.lexicographicallyPrecedes(right.key) != isDown
        }.map(\.element)
    }

    /// Whether there are more than one page shows.
    package var isLong: Bool { total > Self.pageSize }

    /// The table of ``shown`` with what leads to the other rows.
    package func framed(_ table: DataTable) -> HTML {
        var table = table
        guard isLong else {
            if total > 10 { table.filterName = name }
            return table.html
        }
        table.filterName = nil
        for place in table.columns.indices where sortable.contains(place + 1) {
            let isThis = abs(order ?? 0) == place + 1
            let next = isThis && (order ?? 0) > 0 ? -(place + 1) : place + 1
            table.columns[place].sorting = .init(
                path: address(page: 1, words: words, order: next), isDown: isThis ? (order ?? 0) < 0 : nil)
        }
        if !words.isEmpty {
            table.empty = EmptyState("Nothing found", text: "Nothing in this list holds \"\(words)\".")
        }
        return "<div id=\"\(name)\">\(search)\(table)\(pager)</div>"
    }

    private var search: HTML {
        let sorting = order.map { [(name: "\(name)-sort", value: "\($0)")] } ?? []
        let others: [HTML] = (kept + sorting).map {
            "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">"
        }
        let all: HTML? = words.isEmpty ? nil : Link("Show all", to: address(page: 1, words: ""), style: .secondary).html
        return """
            \(SearchForm(action: "\(path)#\(name)", content: """
                \(others)<div class="table-filter"><label>\(Icon.search)\
                <span class="visually-hidden">Find in this list</span>\
                <input type="search" name="\(name)-find" value="\(words)" placeholder="Find in this list" \
                autocomplete="off"></label></div>\(ActionButton("Find", style: .secondary))\(all)
                """))<p class="note" role="status">\(sentence)</p>
            """
    }

    /// Which rows are shown, so that nobody takes a page for the whole.
    private var sentence: String {
        let first = (page - 1) * Self.pageSize + 1
        let range = matching == 0 ? "None" : "\(grouped(first)) to \(grouped(first + shown.count - 1))"
        return words.isEmpty
            ? "\(range) of \(grouped(total))."
            : "\(range) of the \(grouped(matching)) that hold \"\(words)\"; the list has \(grouped(total))."
    }

    private var pager: HTML? {
        let isLast = page * Self.pageSize >= matching
        guard page > 1 || !isLast else { return nil }
        let links: [HTML] = [
            page > 1 ? Link("Previous", to: address(page: page - 1, words: words), style: .secondary).html : "",
            isLast ? "" : Link("Next", to: address(page: page + 1, words: words), style: .secondary).html,
        ]
        return "<nav class=\"button-row\" aria-label=\"Pages of this list\">\(links)</nav>"
    }

    private func address(page: Int, words: String) -> String { address(page: page, words: words, order: order) }

    private func address(page: Int, words: String, order: Int?) -> String {
        var fields = kept
        if let order { fields.append(("\(name)-sort", "\(order)")) }
        if page > 1 { fields.append((name, "\(page)")) }
        if !words.isEmpty { fields.append(("\(name)-find", words)) }
        let query = fields.map { "\(PercentCoding.encode($0.name))=\(PercentCoding.encode($0.value))" }
        return (query.isEmpty ? path : "\(path)?\(query.joined(separator: "&"))") + "#\(name)"
    }
}
