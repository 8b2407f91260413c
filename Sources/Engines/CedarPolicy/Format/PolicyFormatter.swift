// SPDX-License-Identifier: Apache-2.0

/// Writes policies in the usual form: same policies, same comments, other spaces.
public struct PolicyFormatter: Sendable, Equatable {
    /// How long lines become where they can be broken, 1 to 1,000 columns.
    public let width: Int
    /// How far what belongs to a line above is moved to the right, 0 to 16 columns.
    public let indent: Int
    /// How large and deep the text may be.
    public let limits: SyntaxLimits

    /// Lines of one's own; numbers outside the possible are brought to the nearest possible one.
    public init(width: Int = 80, indent: Int = 2, limits: SyntaxLimits = .standard) {
        self.width = min(max(width, 1), 1_000)
        self.indent = min(max(indent, 0), 16)
        self.limits = limits
    }

    /// The text in its usual form; one empty line stands between policies, and nowhere else.
    ///
    /// - Throws: `SyntaxError` when the text is none of policies, or could not be formatted and stay what it is.
    public func format(_ text: [UInt8]) throws(SyntaxError) -> [UInt8] {
        let policies = try PolicySet(parsing: text, limits: limits)
        let (tokens, after) = try CommentedToken.read(text, limits: limits)
        var layouter = PolicyLayouter(text, tokens, indent: indent)
        var result: [UInt8] = []
        while !layouter.isAtEnd {
            guard let policy = LayoutRenderer.render(layouter.policy(), width: width, limit: limits.bytes),
                policy.count <= limits.bytes - result.count
            else { throw failure(.tooLarge(limit: limits.bytes)) }
            if !result.isEmpty { result += [0x0A, 0x0A] }
            result += BlankLines.removed(from: policy)
        }
        result.append(0x0A)
        for comment in after { result += comment + [0x0A] }
        let comments = tokens.flatMap(\.comments.all) + after
        guard try PolicySet(parsing: result, limits: limits) == policies, try self.comments(of: result) == comments
        else { throw failure(.notFormatted) }
        return result
    }

    /// Formats a text that is at hand as a string.
    ///
    /// - Throws: `SyntaxError` as `format(_:)` over bytes does.
    public func format(_ text: String) throws(SyntaxError) -> String {
        String(decoding: try format(Array(text.utf8)), as: UTF8.self)
    }

    private func failure(_ reason: SyntaxError.Reason) -> SyntaxError {
        SyntaxError(reason: reason, position: Position(line: 1, column: 1))
    }

    private func comments(of text: [UInt8]) throws(SyntaxError) -> [ArraySlice<UInt8>] {
        let (tokens, after) = try CommentedToken.read(text, limits: limits)
        return tokens.flatMap(\.comments.all) + after
    }
}
