// SPDX-License-Identifier: Apache-2.0

import Kernel

/// Turns a statement of our subset into the words of one dialect, and refuses what only one of them understands.
///
/// Knows just enough of SQL for that: strings, quoted names, comments, words and punctuation.
struct SQLTranslator {
    private let dialect: StoreDialect
    private let source: [UInt8]
    private var position = 0
    private var output: [UInt8] = []
    private var words: [String] = []
    private var kind: SQLStatement.Kind?
    private var placeholders = 0
    /// Whether rows are to lie in the order of the primary key. PostgreSQL keeps them as they come.
    private var isClustered = false

    private init(_ sql: String, _ dialect: StoreDialect) {
        source = Array(sql.utf8)
        self.dialect = dialect
        output.reserveCapacity(source.count + 16)
    }

    /// `sql` in the words of `dialect`.
    ///
    /// - Throws: `Fault(.internal)`, because statements are written by programmers.
    static func translate(_ sql: String, for dialect: StoreDialect) throws(Fault) -> SQLStatement {
        var translator = SQLTranslator(sql, dialect)
        return try translator.translate()
    }

    private mutating func translate() throws(Fault) -> SQLStatement {
        while position < source.count { try translateNext() }
        guard let kind else { throw refusal("is empty") }
        // STRICT makes SQLite check the types of columns as PostgreSQL does.
        if words.starts(with: ["CREATE", "TABLE"]) {
            if dialect == .sqlite { output += Array((isClustered ? " STRICT, WITHOUT ROWID" : " STRICT").utf8) }
        } else if isClustered {
            throw refusal("is CLUSTERED but makes no table")
        }
        return SQLStatement(text: String(decoding: output, as: UTF8.self), placeholders: placeholders, kind: kind)
    }

    private mutating func translateNext() throws(Fault) {
        let byte = source[position]
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): try copyQuoted(byte)
        case UInt8(ascii: "-") where next == UInt8(ascii: "-"): skipLineComment()
        case UInt8(ascii: "/") where next == UInt8(ascii: "*"): try skipBlockComment()
        case UInt8(ascii: "?"): try translatePlaceholder()
        case UInt8(ascii: ";"): try skipEnd()
        case _ where byte.startsWord: try translateWord()
        case _ where byte >= 0x80: throw refusal("holds more than ASCII; pass text as a value")
        case UInt8(ascii: "$"), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "`"), UInt8(ascii: "["),
            UInt8(ascii: "\\"), 0:
            throw refusal("uses `\(Character(UnicodeScalar(byte)))`, which the engines do not share")
        default: copy(1)
        }
    }

    private var next: UInt8? {
        position + 1 < source.count ? source[position + 1] : nil
    }

    private mutating func copy(_ count: Int) {
        output += source[position..<position + count]
        position += count
    }

    /// Copies a string or a quoted name; a doubled quote inside is two of them in a row, which copies the same.
    private mutating func copyQuoted(_ quote: UInt8) throws(Fault) {
        if let before = output.last, before.continuesWord { throw refusal("has a prefix before a quote") }
        var end = position + 1
        while end < source.count, source[end] != quote {
            if source[end] >= 0x80 { throw refusal("holds more than ASCII; pass text as a value") }
            end += 1
        }
        guard end < source.count else { throw refusal("has an open quote") }
        copy(end + 1 - position)
    }

    private mutating func skipLineComment() {
        while position < source.count, source[position] != UInt8(ascii: "\n") { position += 1 }
        output.append(UInt8(ascii: " "))
    }

    /// Skips a comment; nested ones, which PostgreSQL counts and SQLite does not, are refused.
    private mutating func skipBlockComment() throws(Fault) {
        position += 2
        while position + 1 < source.count {
            let pair = (source[position], source[position + 1])
            if pair == (UInt8(ascii: "*"), UInt8(ascii: "/")) {
                position += 2
                return output.append(UInt8(ascii: " "))
            }
            if pair == (UInt8(ascii: "/"), UInt8(ascii: "*")) { break }
            position += 1
        }
        throw refusal("has an open or nested comment")
    }

    private mutating func translatePlaceholder() throws(Fault) {
        if let next, next.continuesWord { throw refusal("has a numbered placeholder; use `?` alone") }
        position += 1
        placeholders += 1
        output += dialect == .sqlite ? [UInt8(ascii: "?")] : Array("$\(placeholders)".utf8)
    }

    /// Drops the semicolon at the end; anything behind it would be a second statement.
    private mutating func skipEnd() throws(Fault) {
        position += 1
        let before = output
        let known = words.count
        while position < source.count { try translateNext() }
        guard words.count == known, output.dropFirst(before.count).allSatisfy(\.isBlank) else {
            throw refusal("holds more than one statement")
        }
        output = before
    }

    private mutating func translateWord() throws(Fault) {
        var end = position
        while end < source.count, source[end].continuesWord { end += 1 }
        let word = String(decoding: source[position..<end], as: UTF8.self)
        if words.count < 2 { words.append(word.uppercased()) }
        if kind == nil { kind = try firstKind(word) }
        if ["LIKE", "ILIKE", "GLOB", "REGEXP", "AUTOINCREMENT"].contains(word.uppercased()) {
            throw refusal("uses \(word.uppercased()), which the engines do not share")
        }
        // `WITH` may also begin a statement that changes rows.
        if kind == .query, ["INSERT", "UPDATE", "DELETE"].contains(word.uppercased()) { kind = .change }
        position = end
        if kind == .definition, word == "CLUSTERED" {
            isClustered = true
            return
        }
        output += Array((kind == .definition ? type(word) : word).utf8)
    }

    private func firstKind(_ word: String) throws(Fault) -> SQLStatement.Kind {
        guard output.allSatisfy(\.isBlank) else { throw refusal("does not begin with a word") }
        guard let kind = SQLStatement.Kind(firstWord: word.uppercased()) else {
            throw refusal("begins with \(word.uppercased()), which belongs to the store itself")
        }
        return kind
    }

    /// The dialect's name of a type, which is written in capitals so that columns may be called `text` or `bytes`.
    private func type(_ word: String) -> String {
        switch (word, dialect) {
        case ("BYTES", .sqlite): "BLOB"
        case ("BYTES", .postgres): "BYTEA"
        // INT, because INTEGER PRIMARY KEY would number rows by itself, and STRICT does not know BIGINT.
        case ("BIGINT", .sqlite): "INT"
        case ("TEXT", .postgres): "TEXT COLLATE \"C\""
        default: word
        }
    }

    private func refusal(_ reason: String) -> Fault {
        Fault(.internal, "a statement for the store \(reason)")
    }
}

extension UInt8 {
    fileprivate var startsWord: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: false
        }
    }

    fileprivate var continuesWord: Bool {
        startsWord || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }

    fileprivate var isBlank: Bool {
        self == UInt8(ascii: " ") || (9...13).contains(self)
    }
}
