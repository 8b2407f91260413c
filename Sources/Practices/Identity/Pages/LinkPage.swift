// SPDX-License-Identifier: Apache-2.0

import Web

/// Shows a welcome link, the only time, and what to say with it.
enum LinkPage {
    /// - Parameter staffEntry: where department and numbers of somebody new are entered; nil for whoever may not.
    static func content(
        _ request: PageRequest, _ person: PersonRecord, _ link: SecretToken, staffEntry: String? = nil
    ) -> HTML {
        let address = address(request, link)
        return """
            \(Breadcrumb([Link("People", to: "/people")], current: "Welcome link"))
            \(PageHeading("Hand this link to \(person.name)", lead: "It works once, for 24 hours, and is shown only now."))
            \(CodeBlock(address, label: "Welcome link"))
            \(Callout(.warning, "Whoever has the link becomes \(person.name).", content: """
                <p>Hand it over in person or by a channel that you trust, and to nobody else.</p>
                """))
            \(PageSection("What to say", content: """
                <p>“Open this link on the computer where you work. You choose a password, then you scan a code with an \
                authenticator app on your phone, then you get ten recovery codes to print. It takes three minutes. \
                Your sign-in name is <code>\(person.login)</code>. If the link says that it was used before you \
                opened it, call me at once.”</p>
                """))
            \(staffEntry.map { next(person, $0) } ?? back)
            """
    }

    /// What comes after the invitation: without it somebody new who treats patients may find every chart closed.
    private static func next(_ person: PersonRecord, _ staffEntry: String) -> HTML {
        PageSection(
            "Next: department and number",
            content: """
                <p>Where care teams decide who reads which chart, Salus must know in which department \(person.name) works \
                and by which number records name them. Keep the link first: it is not shown again.</p>
                \(ButtonRow("""
                    \(Link("Enter them now", to: staffEntry, style: .primary))\
                    \(Link("Back to people", to: "/people", style: .secondary))
                    """))
                """
        ).html
    }

    private static var back: HTML {
        ButtonRow("\(Link("Back to people", to: "/people", style: .primary))").html
    }

    /// The whole address where the browser told us ours, else the path.
    private static func address(_ request: PageRequest, _ link: SecretToken) -> String {
        let path = "/welcome/\(link.text)"
        let host = request.authority
        let isPlain = host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"),
                UInt8(ascii: "["), UInt8(ascii: "]"):
                true
            default: false
            }
        }
        return host.isEmpty || !isPlain ? path : "https://\(host)\(path)"
    }
}
