// SPDX-License-Identifier: Apache-2.0

import Web

/// Shows recovery codes, the only time.
enum RecoveryCodesPage {
    static func content(_ codes: [RecoveryCode]) -> HTML {
        let texts = codes.map(\.text)
        return """
            \(PageHeading("Your recovery codes", lead: "Each one stands in for your phone once. They are shown only now."))
            \(RecoveryWords(texts))
            \(CodeBlock(texts.joined(separator: "\n"), label: "The same codes, to copy"))
            \(Callout(.warning, "Print this page or write the codes down.", content: """
                <p>Keep them where you would find them without your phone, and not at the computer.</p>
                """))
            """
    }
}
