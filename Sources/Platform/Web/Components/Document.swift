// SPDX-License-Identifier: Apache-2.0

/// The document that both frames share: head, skip link and body.
struct Document: Component {
    var title: String
    var site: SiteFacts
    var bodyClass: HTML
    var body: HTML

    var html: HTML {
        """
        <!doctype html>
        <html lang="en"\(attribute: "data-theme", site.theme.attribute)>
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex, nofollow">
        <meta name="referrer" content="no-referrer">
        <title>\(title) · \(site.institution) · Salus</title>
        <link rel="icon" type="image/svg+xml" href="\(path: Asset.favicon.path)">
        <link rel="stylesheet" href="\(path: Asset.stylesheet.path)">
        <script type="module" src="\(path: Asset.copyScript.path)"></script>
        <script type="module" src="\(path: Asset.tableScript.path)"></script>
        <script type="module" src="\(path: Asset.paletteScript.path)"></script>
        </head>
        <body class="\(bodyClass)">
        <a class="skip-link" href="#main">Skip to content</a>
        \(body)
        </body>
        </html>

        """
    }
}

/// Says on every page that the patients are invented.
struct SyntheticBanner: Component {
    var isShown: Bool

    var html: HTML {
        guard isShown else { return "" }
        return """
            <aside class="synthetic-banner" aria-label="Synthetic data">\
            <strong>Synthetic clinic</strong> — no real patients</aside>
            """
    }
}

/// The last line of every page: version, and what the log says at this moment. Before sign-in it says the version only.
struct PageFooter: Component {
    var site: SiteFacts
    var isPublic = false

    var html: HTML {
        """
        <footer class="frame-footer"><span>\(site.institution) · Salus \(site.version)</span>\
        \(isPublic ? nil : logLine)</footer>
        """
    }

    private var logLine: HTML? {
        let short = String(site.rootHash.prefix(12))
        return """
            <a class="log-line" href="\(path: site.logPath)">Log \(grouped(site.logSize)) entries · root \
            <code>\(short)</code></a>
            """
    }
}
