// SPDX-License-Identifier: Apache-2.0

/// The whole document around a page for a person who is signed in.
package struct PageFrame: Component {
    /// The page's name in the browser tab.
    package var title: String
    /// What every page says about the house.
    package var site: SiteFacts
    /// Who is signed in.
    package var person: SignedInPerson
    /// The navigation, in order.
    package var navigation: [NavigationEntry]
    /// The way to this page, nil on top-level pages.
    package var breadcrumb: Breadcrumb?
    /// The page itself; it brings its own `h1`, e.g. by ``PageHeading``.
    package var main: HTML

    /// The whole document around a page for a person who is signed in.
    package init(
        title: String, site: SiteFacts, person: SignedInPerson, navigation: [NavigationEntry],
        breadcrumb: Breadcrumb? = nil, main: HTML
    ) {
        self.title = title
        self.site = site
        self.person = person
        self.navigation = navigation
        self.breadcrumb = breadcrumb
        self.main = main
    }

    /// The document.
    package var html: HTML {
        let body: HTML = """
            \(SyntheticBanner(isShown: site.isSynthetic))\(header)
            <div class="frame-body">\(sidebar)
            <main id="main" class="frame-main" tabindex="-1">\(breadcrumb)\(main)</main>
            </div>
            \(PageFooter(site: site))
            \(Palette(entries: navigation, csrf: person.csrf))
            """
        return Document(title: title, site: site, bodyClass: "frame", body: body).html
    }

    private var header: HTML {
        """
        <header class="frame-header">
        <a class="brand" href="/" aria-label="Salus, first page">\(BrandMark())<span class="brand-name">Salus</span></a>
        <span class="institution">\(site.institution)</span>
        \(Palette.opener)
        <div class="whoami"><span class="whoami-name">\(personName)</span>\
        <span class="whoami-roles">\(person.roles.joined(separator: ", "))</span></div>
        \(signOut)
        <button class="button menu-button" type="button" popovertarget="navigation">\(Icon.menu)Menu</button>
        </header>
        """
    }

    private var signOut: HTML {
        """
        <form class="sign-out" method="post" action="\(path: person.signOutPath)">\(person.csrf)\
        <button class="button" type="submit">Sign out</button></form>
        """
    }

    private var personName: HTML {
        guard let path = person.profilePath else { return "\(person.name)" }
        return "<a href=\"\(path: path)\">\(person.name)</a>"
    }

    private var sidebar: HTML {
        """
        <nav id="navigation" class="frame-nav" aria-label="Main" popover>\
        \(NavigationList(entries: navigation.filter(\.isInMenu)))\(signOut)</nav>
        """
    }
}

/// The entries of the navigation under their headings.
struct NavigationList: Component {
    var entries: [NavigationEntry]

    var html: HTML {
        var list: HTML = "<ul class=\"nav-list\">"
        var group: String?
        for entry in entries {
            if let name = entry.group, name != group { list += "<li class=\"nav-group\">\(name)</li>" }
            group = entry.group
            list += """
                <li><a href="\(path: entry.path)"\(attribute: "aria-current", entry.isCurrent ? "page" : nil)>\
                \(entry.title)\(Self.badge(entry.count))</a></li>
                """
        }
        return list + "</ul>"
    }

    private static func badge(_ count: Int) -> HTML? {
        count > 0
            ? " <span class=\"nav-count\">\(grouped(count))<span class=\"visually-hidden\"> waiting</span></span>" : nil
    }
}
