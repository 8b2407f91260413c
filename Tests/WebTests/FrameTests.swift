// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Web

/// Data for pages in these tests.
enum Sample {
    static func site(isSynthetic: Bool = true, theme: Theme = .device) -> SiteFacts {
        SiteFacts(
            institution: "Lakeside <Clinic>", isSynthetic: isSynthetic, version: "0.1.0", logSize: 184_302,
            rootHash: "9f2c41aa07be5d3e8c10", theme: theme)
    }

    static let person = SignedInPerson(
        name: "Ruth \"R\" Amsel", roles: ["Physician", "Reviewer"], csrf: CSRFField(value: "to\"ken"))

    static func page(_ main: HTML = "<h1>Overview</h1>", site: SiteFacts = Sample.site()) -> String {
        let entries = [
            NavigationEntry("Overview", path: "/", isCurrent: true),
            NavigationEntry("Devices", path: "/devices", group: "Practices"),
            NavigationEntry("Elsewhere", path: "//evil.example", group: "Practices"),
        ]
        return PageFrame(title: "Overview", site: site, person: person, navigation: entries, main: main)
            .html.renderString()
    }
}

@Suite("Frames")
struct FrameTests {
    @Test("the signed-in frame has a skip link, its target, language and viewport")
    func skeleton() {
        let page = Sample.page()
        #expect(page.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
        #expect(page.contains("<a class=\"skip-link\" href=\"#main\">"))
        #expect(page.contains("<main id=\"main\""))
        #expect(page.contains("name=\"viewport\""))
        #expect(page.contains("Lakeside &lt;Clinic&gt;"))
    }

    @Test("name, roles and Sign out with the proof of the session are there")
    func signOut() {
        let page = Sample.page()
        #expect(page.contains("Ruth &quot;R&quot; Amsel"))
        #expect(page.contains("Physician, Reviewer"))
        #expect(
            page.contains(
                """
                <form class="sign-out" method="post" action="/sign-out">\
                <input type="hidden" name="csrf" value="to&quot;ken">\
                <button class="button" type="submit">Sign out</button>
                """))
    }

    @Test("the banner is there exactly when the patients are invented", arguments: [true, false])
    func banner(isSynthetic: Bool) {
        let page = Sample.page(site: Sample.site(isSynthetic: isSynthetic))
        #expect(page.contains("no real patients") == isSynthetic)
    }

    @Test("navigation marks the current page, groups entries and never leaves the site")
    func navigation() {
        let page = Sample.page()
        #expect(page.contains("<a href=\"/\" aria-current=\"page\">Overview</a>"))
        #expect(page.ranges(of: "<li class=\"nav-group\">Practices</li>").count == 1)
        #expect(page.contains("<a href=\"#\">Elsewhere</a>"))
        #expect(!page.contains("evil.example"))
    }

    @Test("the footer shows version, log size and the beginning of the root")
    func footer() {
        let page = Sample.page()
        #expect(page.contains("Salus 0.1.0"))
        #expect(page.contains("184\u{202F}302 entries"))
        #expect(page.contains("<code>9f2c41aa07be</code>"))
    }

    @Test("nobody who is signed out sees the log's figures or a Sign out button")
    func entrance() {
        let page = EntranceFrame(title: "Sign in", site: Sample.site(), main: "<h1>Sign in</h1>").html.renderString()
        #expect(page.contains("skip-link"))
        #expect(page.contains("no real patients"))
        #expect(!page.contains("9f2c41aa07be"))
        #expect(!page.contains("Sign out"))
    }

    @Test("themes", arguments: [(Theme.device, false), (.light, true), (.dark, true)])
    func theme(theme: Theme, isSaid: Bool) {
        let page = Sample.page(site: Sample.site(theme: theme))
        #expect(page.contains("<html lang=\"en\" data-theme=\"\(theme.rawValue)\">") == isSaid)
    }

    @Test("nothing that the content security policy refuses", arguments: [" style=", "<style", "onclick", "data:"])
    func policy(forbidden: String) {
        let everything: HTML = """
            \(CoverageBar(met: 1, of: 3, unmeasured: 1, noun: "devices"))\(Sparkline([1, nil, 3], label: "x"))\
            \(TrendBand([.met, .unknown], label: "x"))\(HashText("abc"))\(QRImage(modules: [[true]], label: "x"))\
            \(DataTable(caption: "x", columns: [.init("a")], rows: [["b"]], filterName: "f"))
            """
        #expect(!Sample.page(everything).contains(forbidden))
    }
}
