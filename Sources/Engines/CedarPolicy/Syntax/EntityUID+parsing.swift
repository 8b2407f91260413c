// SPDX-License-Identifier: Apache-2.0

extension EntityUID {
    /// Reads an entity as policies write it: `Clinic::Nurse::"mara"` (Cedar language reference, "Entity").
    ///
    /// - Throws: `SyntaxError` with the first thing that is wrong and where.
    public init(parsing text: String, limits: SyntaxLimits = .standard) throws(SyntaxError) {
        var parser = try Parser(Array(text.utf8), limits: limits)
        let first = try parser.identifier("an entity")
        self = try parser.entity(after: first)
        guard parser.token.kind == .end else { throw parser.expected("the end") }
    }
}
