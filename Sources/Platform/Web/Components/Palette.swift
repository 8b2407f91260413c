// SPDX-License-Identifier: Apache-2.0

/// The list of every place that the visitor may go to, opened by Ctrl-K. Without its script the button leads to the
/// page that lists the same.
struct Palette: Component {
    var entries: [NavigationEntry]
    var csrf: CSRFField

    /// Where the list stands as a page.
    static let path = "/find"

    /// What opens it.
    static let opener: HTML = """
        <a class="button find-button" href="\(path: path)" aria-label="Find a page">\(Icon.search)\
        <span class="find-words">Find</span><kbd aria-hidden="true">Ctrl K</kbd></a>
        """

    var html: HTML {
        """
        <dialog id="palette" class="palette" aria-label="Find a page">\
        <label class="palette-field">\(Icon.search)<span class="visually-hidden">Where to?</span>\
        <input type="search" placeholder="Where to?" autocomplete="off" spellcheck="false"></label>\
        <ul class="palette-list">\(entries.map(item))</ul>\(searches)\
        <p class="palette-help"><span role="status"></span><span aria-hidden="true"><kbd>↑</kbd> <kbd>↓</kbd> choose \
        <kbd>Enter</kbd> go <kbd>Esc</kbd> close</span></p></dialog>
        """
    }

    private func item(_ entry: NavigationEntry) -> HTML {
        """
        <li\(attribute: "data-words", entry.synonyms.isEmpty ? nil : entry.synonyms)>\
        <a href="\(path: entry.path)"><strong>\(entry.title)</strong> <span>\(entry.summary)</span></a></li>
        """
    }

    /// Searches for what was typed, below the places that hold it. Patients' names never go into an address.
    private var searches: HTML {
        let forms: [HTML] = entries.compactMap { entry in entry.search.map { form(entry.path, $0) } }
        return "<div class=\"palette-searches\">\(forms)</div>"
    }

    private func form(_ path: String, _ search: PlaceSearch) -> HTML {
        let method: HTML = search.isInAddress ? "get" : "post"
        let proof: HTML? = search.isInAddress ? nil : csrf.html
        return """
            <form method="\(method)" action="\(path: path)" hidden>\(proof)\
            <input type="hidden" name="\(search.field)" value="" data-typed>\
            <button type="submit">\(Icon.search)<span>Search \(search.noun) for <q></q></span></button></form>
            """
    }
}
