// SPDX-License-Identifier: Apache-2.0

extension PolicyLayouter {
    mutating func expression() -> Layout {
        guard sees("if") else { return disjunction() }
        let parts = [branch(), branch(), branch()]
        return .group(.row(parts, separator: .line))
    }

    /// `if`, `then` or `else` and what follows it.
    private mutating func branch() -> Layout {
        .row([word(), .nest(indent, .row([.line, expression()]))])
    }

    /// Lines end behind `||` and `&&`, and then behind all of them that the enclosing group has.
    private mutating func disjunction() -> Layout {
        var parts = [conjunction()]
        while sees(.or) { parts += [.space, word(then: .line), conjunction()] }
        return .row(parts)
    }

    private mutating func conjunction() -> Layout {
        var parts = [relation()]
        while sees(.and) { parts += [.space, word(then: .line), relation()] }
        return .row(parts)
    }

    private mutating func relation() -> Layout {
        let left = sum()
        if sees("has") || sees("like") { return .group(.row([left, .line, word(), .line, .nest(indent, sum())])) }
        if sees("is") {
            let test = Layout.row([left, .space, word(), .space, .nest(indent, sum())])
            guard sees("in") else { return .group(test) }
            return .group(.row([test, .line, word(), .space, .nest(indent, sum())]))
        }
        switch kind {
        case .symbol(.equal), .symbol(.notEqual), .symbol(.less), .symbol(.lessOrEqual), .symbol(.greater),
            .symbol(.greaterOrEqual):
            return .row([left, .space, word(), .space, sum()])
        default: return sees("in") ? .row([left, .space, word(), .space, sum()]) : left
        }
    }

    mutating func sum() -> Layout {
        var parts = [product()]
        while sees(.plus) || sees(.minus) { parts += [.space, word(), .line, product()] }
        return .group(.row(parts))
    }

    private mutating func product() -> Layout {
        var parts = [unary()]
        while sees(.times) { parts += [.space, word(), .line, unary()] }
        return .group(.row(parts))
    }

    private mutating func unary() -> Layout {
        var signs: [Layout] = []
        while sees(.not) || sees(.minus) { signs.append(word()) }
        return .row(signs + [member()])
    }
}

// Members and what stands alone.
extension PolicyLayouter {
    private mutating func member() -> Layout {
        let base = primary()
        var accesses: [Layout] = []
        while true {
            switch kind {
            case .symbol(.dot): accesses.append(.row([word(), word()]))
            case .symbol(.openBracket): accesses.append(.row([word(), expression(), word()]))
            case .symbol(.openParenthesis): accesses.append(call())
            default: return .group(.row([base, .nest(indent, .row(accesses, separator: .seam))]))
            }
        }
    }

    private mutating func call() -> Layout {
        let open = word()
        let arguments = list(until: .closeParenthesis) { $0.expression() }
        guard let arguments else { return .row([open, word()]) }
        return .row([open, .nest(indent, .row([.seam, arguments])), .seam, word()])
    }

    private mutating func primary() -> Layout {
        switch kind {
        case .symbol(.openParenthesis): return .group(.row([word(), .nest(1, expression()), word()]))
        case .symbol(.openBracket):
            let open = word()
            let elements = list(until: .closeBracket) { $0.expression() } ?? .nothing
            return .row([open, .nest(1, elements), word()])
        case .symbol(.openBrace):
            let open = word()
            let fields = list(until: .closeBrace) { $0.field() }
            let inner = fields.map { Layout.group(.row([.line, $0, .line])) } ?? .nothing
            return .row([open, .nest(indent, inner), word()])
        default: return name()
        }
    }

    private mutating func field() -> Layout {
        .row([expression(), word(), .space, expression()])
    }

    /// A literal, a slot, or names and perhaps a string joined by `::`.
    private mutating func name() -> Layout {
        var parts = [word()]
        while sees(.scope) { parts += [word(), word()] }
        return .row(parts)
    }
}
