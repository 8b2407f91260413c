// SPDX-License-Identifier: Apache-2.0

/// A piece of a policy's text, and how tightly its outermost operator binds.
struct Written {
    let text: String
    let level: Level

    enum Level: Int {
        case conditional, or, and, relation, sum, product, unary, member
    }

    init(_ text: String, _ level: Level = .member) {
        self.text = text
        self.level = level
    }

    /// The text where something as tight is needed: in brackets, unless it is as tight itself.
    func at(_ needed: Level) -> String {
        level.rawValue < needed.rawValue ? "(\(text))" : text
    }
}
