// SPDX-License-Identifier: Apache-2.0

extension PolicyLayouter {
    /// Annotations each on a line, the head on one line if it asks nothing, and each condition on lines of its own.
    mutating func policy() -> Layout {
        var parts: [Layout] = []
        while sees(.at) { parts.append(annotation()) }
        parts += [takeLeading(), .group(.row([word(), .line, word()])), head()]
        if sees(.comma) { dropComma() }
        parts.append(word(then: seesBehind(.semicolon) ? .nothing : .hardBreak))
        var conditions: [Layout] = []
        while !sees(.semicolon), !isAtEnd { conditions.append(condition()) }
        parts += [.row(conditions, separator: .hardBreak), word()]
        return .row(parts)
    }

    private mutating func annotation() -> Layout {
        let name = Layout.row([word(), word()])
        guard sees(.openParenthesis) else { return .row([name, .hardBreak]) }
        return .row([name, word(), word(), word(then: .hardBreak)])
    }

    private mutating func head() -> Layout {
        let isPlain = isHeadPlain
        let separator: Layout = isPlain ? .space : .hardBreak
        let variables = Layout.row([
            variable(), word(then: separator), variable(), word(then: separator), variable(),
        ])
        return isPlain
            ? .group(.nest(indent, variables))
            : .row([.nest(indent, .row([.hardBreak, variables])), .hardBreak])
    }

    /// `principal == …`: a break behind the operator is better than one before it.
    private mutating func variable() -> Layout {
        let leading = takeLeading()
        let name = word()
        let type = sees("is") ? scopeType() : .nothing
        guard !sees(.comma), !sees(.closeParenthesis) else { return .row([leading, name, type]) }
        let left = Layout.group(.row([name, type, .line, word()]))
        return .row([leading, .group(.row([left, .nest(indent, .row([.line, expression()]))]))])
    }

    private mutating func scopeType() -> Layout {
        .group(.nest(indent, .row([.group(.row([.line, word()])), .line, sum()])))
    }

    private mutating func condition() -> Layout {
        let leading = takeLeading()
        let start = Layout.row([word(then: .line), takeLeading()])
        let brace = word(then: .line)
        let body = Layout.row([brace, takeLeading(), .group(expression())])
        return .row([leading, .group(.row([start, .group(.row([.nest(indent, body), .line, word()]))]))])
    }
}
