// SPDX-License-Identifier: Apache-2.0

import Web

/// Shows a welcome link, the only time, and what to say with it.
enum LinkPage {
    static func content(_ request: PageRequest, _ person: PersonRecord, _ link: SecretToken) -> HTML {
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
            \(ButtonRow("\(Link("Back to people", to: "/people", style: .primary))"))
            """
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
