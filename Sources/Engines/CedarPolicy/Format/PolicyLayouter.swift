// SPDX-License-Identifier: Apache-2.0

/// Gives each policy its layout, word by word, so that brackets, order and comments stay as they were written.
///
/// The text was read by the parser before: what stands here follows its grammar, and its depth is bounded. Should the
/// two ever disagree, something that is not the same text comes out, which the formatter notices.
struct PolicyLayouter {
    private let bytes: [UInt8]
    private var tokens: [CommentedToken]
    private var at = 0
    let indent: Int

    init(_ bytes: [UInt8], _ tokens: [CommentedToken], indent: Int) {
        self.bytes = bytes
        self.tokens = tokens
        self.indent = indent
    }
}

// Words.
extension PolicyLayouter {
    var isAtEnd: Bool {
        at >= tokens.count
    }

    var kind: Token.Kind {
        isAtEnd ? .end : tokens[at].token.kind
    }

    func sees(_ symbol: Symbol) -> Bool {
        kind == .symbol(symbol)
    }

    func sees(_ word: StaticString) -> Bool {
        kind == .identifier && bytes[tokens[at].token.range].elementsEqual("\(word)".utf8)
    }

    /// Whether the word after the next one is that sign.
    func seesBehind(_ symbol: Symbol) -> Bool {
        at + 1 < tokens.count && tokens[at + 1].token.kind == .symbol(symbol)
    }

    /// The next word's comments above it, which then are no longer at it.
    mutating func takeLeading() -> Layout {
        guard !isAtEnd else { return .nothing }
        defer { tokens[at].comments.leading = [] }
        return Self.leading(tokens[at].comments)
    }

    /// The next word with its comments. A comment behind it ends the line, in place of `next`.
    mutating func word(then next: Layout = .nothing) -> Layout {
        guard !isAtEnd else { return .nothing }
        let word = tokens[at]
        at += 1
        var text = bytes[word.token.range]
        if word.token.kind == .number {
            let zeros = text.prefix { $0 == UInt8(ascii: "0") }.count
            text = text.dropFirst(min(zeros, text.count - 1))
        }
        return .row([Self.leading(word.comments), .text(text), Self.trailing(word.comments, else: next)])
    }

    private static func leading(_ comments: Comments) -> Layout {
        guard !comments.leading.isEmpty else { return .nothing }
        let lines = comments.leading.map { Layout.text($0) }
        return .row([.hardBreak, .row(lines, separator: .hardBreak), .hardBreak])
    }

    private static func trailing(_ comments: Comments, else next: Layout) -> Layout {
        comments.trailing.isEmpty ? next : .row([.space, .text(comments.trailing), .hardBreak])
    }
}

// Lists.
extension PolicyLayouter {
    /// Elements with commas, to the closing bracket; nil when there are none. A comma after the last one goes.
    mutating func list(until end: Symbol, _ element: (inout PolicyLayouter) -> Layout) -> Layout? {
        var layouts: [Layout] = []
        while !sees(end), !isAtEnd {
            layouts.append(element(&self))
            guard sees(.comma) else { break }
            if seesBehind(end) {
                dropComma()
            } else {
                layouts += [word(), .line]
            }
        }
        return layouts.isEmpty ? nil : .row(layouts)
    }

    /// Passes over a comma that is not written again and gives its comments to the bracket behind it.
    mutating func dropComma() {
        guard at + 1 < tokens.count else { return }
        let comments = tokens[at].comments
        at += 1
        if tokens[at].comments.isEmpty, sees(.closeParenthesis) {
            tokens[at].comments = comments
        } else {
            tokens[at].comments.leading = comments.all + tokens[at].comments.leading
        }
    }
}

// What is ahead.
extension PolicyLayouter {
    /// Whether the head is `principal, action, resource` and no more, but for a comma at its end.
    var isHeadPlain: Bool {
        let signs = tokens[min(at, tokens.count)..<min(at + 6, tokens.count)].map(\.token.kind)
        guard signs.count == 6, signs[1] == .symbol(.comma), signs[3] == .symbol(.comma) else { return false }
        return signs[5] == .symbol(.comma) || signs[5] == .symbol(.closeParenthesis)
    }
}
