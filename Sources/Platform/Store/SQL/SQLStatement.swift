// SPDX-License-Identifier: Apache-2.0

/// A statement of our subset, translated for one dialect.
struct SQLStatement: Sendable, Hashable {
    /// What a statement does.
    enum Kind: Sendable, Hashable {
        /// It answers rows and changes nothing: `SELECT`, `VALUES`, `WITH`.
        case query
        /// It changes rows: `INSERT`, `UPDATE`, `DELETE`.
        case change
        /// It changes tables: `CREATE`, `ALTER`, `DROP`.
        case definition
    }

    /// The text for the engine.
    let text: String
    /// How many values it takes.
    let placeholders: Int
    /// What it does.
    let kind: Kind
}

extension SQLStatement.Kind {
    /// The kind that the first word of a statement tells; nil for words outside the subset, such as `PRAGMA`,
    /// `COMMIT` or `COPY`, because transactions and settings belong to the store.
    init?(firstWord: String) {
        switch firstWord {
        case "SELECT", "WITH", "VALUES": self = .query
        case "INSERT", "UPDATE", "DELETE": self = .change
        case "CREATE", "ALTER", "DROP": self = .definition
        default: return nil
        }
    }
}
