// SPDX-License-Identifier: Apache-2.0

/// The comments at a word: those on lines of their own above it, and what follows it on its line.
struct Comments: Equatable {
    var leading: [ArraySlice<UInt8>] = []
    var trailing: ArraySlice<UInt8> = []

    var isEmpty: Bool {
        leading.isEmpty && trailing.isEmpty
    }

    /// All of them, in their order.
    var all: [ArraySlice<UInt8>] {
        leading + Self.find(in: trailing)
    }

    /// The comments in a text that is nothing but blanks and comments.
    static func find(in blanks: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var comments: [ArraySlice<UInt8>] = []
        var rest = blanks
        while let start = rest.firstIndex(of: UInt8(ascii: "/")) {
            let comment = rest[start...].prefix { $0 != 0x0A && $0 != 0x0D }
            comments.append(trimmed(comment))
            rest = rest[comment.endIndex...]
        }
        return comments
    }

    /// The text without white space of Unicode at its ends.
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
        let before = blankLength(scalars)
        return before == bytes.count ? [] : bytes.dropFirst(before).dropLast(blankLength(scalars.reversed()))
    }

    private static func blankLength(_ scalars: some Sequence<Unicode.Scalar>) -> Int {
        scalars.prefix { $0.properties.isWhitespace }.reduce(0) { $0 + UTF8.width($1) }
    }
}

/// A word with the comments that belong to it.
struct CommentedToken {
    let token: Token
    var comments: Comments
}

extension CommentedToken {
    /// All words of a text; and the comments behind the last one's line.
    static func read(
        _ bytes: [UInt8], limits: SyntaxLimits
    ) throws(SyntaxError) -> (tokens: [CommentedToken], after: [ArraySlice<UInt8>]) {
        var lexer = try Lexer(bytes, limits: limits)
        var tokens: [CommentedToken] = []
        var end = 0
        while true {
            let token = try lexer.next()
            var blanks = bytes[end..<token.range.lowerBound]
            if !tokens.isEmpty {
                let line = blanks.prefix { $0 != 0x0A }
                tokens[tokens.count - 1].comments.trailing = Comments.trimmed(line)
                blanks = blanks[line.endIndex...]
            }
            let leading = Comments.find(in: blanks)
            if token.kind == .end { return (tokens, leading) }
            tokens.append(CommentedToken(token: token, comments: Comments(leading: leading)))
            end = token.range.upperBound
        }
    }
}
