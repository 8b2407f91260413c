// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel
import Store

/// Every rule that holds or ever held in this house: the log names rules by their id, and an entry may be older than
/// the rules in force.
struct KnownRules {
    private var books: [RuleBook]
    private var isComplete = false

    /// The rules in force and those of the program; older versions are read when a name is in neither.
    init(_ shelf: RuleShelf, in tx: any ReadTransaction) throws {
        books = [try shelf.current(in: tx), try RuleBook.builtIn()]
    }

    /// The newest rule of that name that is wanted.
    mutating func first(
        _ id: String, in tx: any ReadTransaction, where isWanted: (Policy) -> Bool = { _ in true }
    ) throws -> Policy? {
        if let known = books.lazy.compactMap({ $0[Text(id)] }).first(where: isWanted) { return known }
        guard !isComplete else { return nil }
        isComplete = true
        let rows = try tx.rows(
            "SELECT policies, version FROM access_rules WHERE version IS NOT NULL ORDER BY version DESC")
        for row in rows {
            // What cannot be read is never in force either.
            if let book = try? RuleBook(parsing: try row.bytes(0), version: try row.integer(1)) { books.append(book) }
        }
        return books.lazy.compactMap { $0[Text(id)] }.first(where: isWanted)
    }
}

extension Policy {
    /// Whether it can allow `action`, by itself or as one of a group.
    func permits(_ action: Action) throws -> Bool {
        guard effect == .permit else { return false }
        let uid = EntityUID.action(action.id)
        let asked = (try HouseSchema.schema().actions[uid]?.ancestors ?? []).union([uid])
        return switch self.action {
        case .any: true
        case .equal(let one): one == uid
        case .within(let group): asked.contains(group)
        case .withinAny(let groups): !asked.isDisjoint(with: groups)
        }
    }

    /// The roles of which it asks for one, in its scope or in a condition; empty when it asks for none.
    var askedRoles: Set<String> {
        var roles: Set<String> = []
        switch principal {
        case .within(.entity(let uid)), .isTypeWithin(_, .entity(let uid)):
            if uid.type == CedarType.role { roles.insert(uid.id.string) }
        default: break
        }
        for condition in conditions where condition.kind == .when { roles.formUnion(condition.body.askedRoles ?? []) }
        return roles
    }
}

extension Expression {
    /// The roles of which one is needed for it to hold; nil where it can hold without any.
    fileprivate var askedRoles: Set<String>? {
        switch kind {
        case .or(let left, let right):
            guard let left = left.askedRoles, let right = right.askedRoles else { return nil }
            return left.union(right)
        case .and(let left, let right):
            let both = (left.askedRoles ?? []).union(right.askedRoles ?? [])
            return both.isEmpty ? nil : both
        case .binary(.within, let left, let right):
            guard case .variable(.principal) = left.kind else { return nil }
            return right.namedRoles
        case .isType(let left, _, within: let right?):
            guard case .variable(.principal) = left.kind else { return nil }
            return right.namedRoles
        default: return nil
        }
    }

    /// Of `Role::"a"` or `[Role::"a", Role::"b"]`, the roles; nil for anything else.
    private var namedRoles: Set<String>? {
        switch kind {
        case .entity(let uid): uid.type == CedarType.role ? [uid.id.string] : nil
        case .set(let elements):
            elements.allSatisfy { $0.namedRoles != nil } ? Set(elements.flatMap { $0.namedRoles ?? [] }) : nil
        default: nil
        }
    }
}
