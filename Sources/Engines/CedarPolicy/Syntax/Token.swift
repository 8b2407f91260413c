// SPDX-License-Identifier: Apache-2.0

/// One word of a text of policies.
struct Token {
    let kind: Kind
    /// The bytes, quotation marks included.
    let range: Range<Int>
    let position: Position

    enum Kind: Hashable {
        case identifier
        case number
        case string
        /// `?name`
        case slot
        case symbol(Symbol)
        case end
    }
}

/// The signs of the language, and a few that it lacks but other languages have.
enum Symbol: String, CaseIterable {
    case scope = "::"
    case equal = "=="
    case notEqual = "!="
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case and = "&&"
    case or = "||"
    case at = "@"
    case dot = "."
    case comma = ","
    case semicolon = ";"
    case colon = ":"
    case openParenthesis = "("
    case closeParenthesis = ")"
    case openBrace = "{"
    case closeBrace = "}"
    case openBracket = "["
    case closeBracket = "]"
    case less = "<"
    case greater = ">"
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divide = "/"
    case remainder = "%"
    case not = "!"
    case assign = "="
    case question = "?"

    /// The longest sign that begins with these two bytes.
    static func longest(_ first: UInt8, _ second: UInt8?) -> Symbol? {
        if let second, let pair = pairs[[first, second]] { return pair }
        return singles[first]
    }

    private static let pairs = Dictionary(
        uniqueKeysWithValues: allCases.filter { $0.rawValue.utf8.count == 2 }.map { (Array($0.rawValue.utf8), $0) })
    private static let singles = Dictionary(
        uniqueKeysWithValues: allCases.filter { $0.rawValue.utf8.count == 1 }.compactMap { symbol in
            symbol.rawValue.utf8.first.map { ($0, symbol) }
        })
}
