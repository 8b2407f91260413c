// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel
import Store

/// The rules at work, and where they come from.
struct RulesInForce: Sendable {
    let book: RuleBook
    let origin: Origin

    /// Where rules come from.
    enum Origin: Sendable, Hashable {
        /// They came with the program, and the clinic has none of its own.
        case program
        /// The clinic's own version, in force since somebody proposed it; `isBuiltIn` when it says what the program's
        /// rules say.
        case clinic(version: Int64, proposed: Instant, author: Identifier<Kernel.Person>?, isBuiltIn: Bool)
        /// The clinic's own version cannot be read, so those of the program hold.
        case unreadable(version: Int64)
    }

    init(_ shelf: RuleShelf, in tx: any ReadTransaction) throws {
        book = try shelf.current(in: tx)
        guard
            let row = try tx.row(
                """
                SELECT version, created, author FROM access_rules WHERE version IS NOT NULL
                ORDER BY version DESC LIMIT 1
                """, [])
        else {
            origin = .program
            return
        }
        let version = try row.integer(0)
        guard book.version == version else {
            origin = .unreadable(version: version)
            return
        }
        origin = .clinic(
            version: version, proposed: Instant(microseconds: try row.integer(1)),
            author: try row.optionalBytes(2).flatMap { Identifier<Kernel.Person>(bytes: $0) },
            isBuiltIn: book.policies == (try RuleBook.builtIn()).policies)
    }
}

extension ReadTransaction {
    /// A rule that is in force no more: the newest version that has it.
    func formerRule(_ id: Text) throws -> (policy: Policy, book: RuleBook)? {
        for row in try rows(
            "SELECT version, policies FROM access_rules WHERE version IS NOT NULL ORDER BY version DESC", [])
        {
            let book = try? RuleBook(parsing: try row.bytes(1), version: try row.integer(0))
            if let book, let policy = book[id] { return (policy, book) }
        }
        let builtIn = try RuleBook.builtIn()
        return builtIn[id].map { ($0, builtIn) }
    }
}
