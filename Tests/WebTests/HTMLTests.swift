// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Web

@Suite("HTML is escaped by construction")
struct HTMLTests {
    @Test(
        "each dangerous character becomes a reference",
        arguments: [
            ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#39;"), ("\u{0}", "\u{FFFD}"),
            ("\u{1B}", "\u{FFFD}"), ("\u{7F}", "\u{FFFD}"), ("\r\n", "\r\n"), ("\t", "\t"), ("é", "é"),
        ])
    func escapes(character: String, expected: String) {
        let text: HTML = "<p>\(character)</p>"
        let attribute: HTML = "<p title=\"\(character)\"></p>"
        #expect(text.renderString() == "<p>\(expected)</p>")
        #expect(attribute.renderString() == "<p title=\"\(expected)\"></p>")
    }

    @Test("a script in a name stays text, in text and in attributes")
    func script() {
        let name = "\"><script>alert('x')</script>&"
        let line: HTML = "<a title=\"\(name)\">\(name)</a>"
        let escaped = "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;"
        #expect(line.renderString() == "<a title=\"\(escaped)\">\(escaped)</a>")
    }

    @Test("a literal inside an interpolation is a string, not markup")
    func literalInside() {
        let isBold = !"b".isEmpty
        let line: HTML = "\("<b>")\(isBold ? "<i>" : "")"
        #expect(line.renderString() == "&lt;b&gt;&lt;i&gt;")
    }

    @Test("there is no initialiser from text: a string is not a piece")
    func noRawPath() {
        let text = "<b>"
        #expect(!((text as Any) is any Component))
        #expect((HTML() + "\(text)").renderString() == "&lt;b&gt;")
    }

    @Test("pieces are inserted as they are, once")
    func pieces() {
        let bold: HTML = "<b>\("&")</b>"
        let none: HTML? = nil
        let missing: String? = nil
        let line: HTML = "\(bold)\([bold, bold])\(none)\(missing)\(StatusChip(.met).html.isEmpty ? 1 : 2)"
        #expect(line.renderString() == "<b>&amp;</b><b>&amp;</b><b>&amp;</b>2")
    }

    @Test("substrings and numbers", arguments: [0, -7, Int.max])
    func values(number: Int) {
        let line: HTML = "\("a<b".dropFirst())\(number)"
        #expect(line.renderString() == "&lt;b\(number)")
    }

    @Test("whole attributes are quoted, escaped, and absent when there is no value")
    func attributes() {
        let line: HTML = "<a\(attribute: "id", "x\" y")\(attribute: "lang", nil)\(flag: "hidden", true)>"
        #expect(line.renderString() == "<a id=\"x&quot; y\" hidden>")
    }

    @Test("paths stay inside the site", arguments: ["/", "/people?x=1&y=2", "?page=2", "#main", "/a//b"])
    func localPaths(path: String) {
        #expect(isLocalPath(path))
    }

    @Test(
        "anything else becomes #",
        arguments: [
            "", "//evil.example", "/\t/evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)",
            " /x", "people", "data:text/html,x", "/a b", "\r\n/x",
        ])
    func foreignPaths(path: String) {
        let link: HTML = "<a href=\"\(path: path)\">"
        #expect(link.renderString() == "<a href=\"#\">")
    }

    @Test("combining marks after a dangerous character do not hide it")
    func combining() {
        let line: HTML = "\("<\u{301}b")"
        #expect(Array(line.renderString().utf8) == Array("&lt;\u{301}b".utf8))
    }
}
