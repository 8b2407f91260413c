// SPDX-License-Identifier: Apache-2.0

/// The whole document around a page for somebody who is not signed in: one centred column.
package struct EntranceFrame: Component {
    /// How wide the column is.
    package enum Width: Sendable {
        /// For a form: sign-in, a one-time code.
        case narrow
        /// For reading: welcome, the recovery words.
        case wide
    }

    /// The page's name in the browser tab.
    package var title: String
    /// What every page says about the house.
    package var site: SiteFacts
    /// How wide the column is.
    package var width: Width
    /// The page itself, with its own `h1`.
    package var main: HTML

    /// The whole document around a page for somebody who is not signed in.
    package init(title: String, site: SiteFacts, width: Width = .narrow, main: HTML) {
        self.title = title
        self.site = site
        self.width = width
        self.main = main
    }

    /// The document.
    package var html: HTML {
        let column: HTML = width == .narrow ? "entrance-narrow" : "entrance-wide"
        let body: HTML = """
            \(SyntheticBanner(isShown: site.isSynthetic))
            <div class="entrance-column \(column)">
            <header class="entrance-header"><span class="brand">\(BrandMark())<span class="brand-name">Salus</span>\
            </span><span class="institution">\(site.institution)</span></header>
            <main id="main" class="entrance-main" tabindex="-1">\(main)</main>
            </div>
            \(PageFooter(site: site, isPublic: true))
            """
        return Document(title: title, site: site, bodyClass: "entrance", body: body).html
    }
}
