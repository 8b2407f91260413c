// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Store

/// What the evidence log tells of accounts and their roles: another source than the directory, against which the
/// directory is held.
enum AccountsTold {
    /// The kinds of facts that tell of them, by the ids under which they stand in the log for ever.
    private enum Kind: String, CaseIterable {
        case invited = "identity.person-invited.v1"
        case rolesChanged = "identity.roles-changed.v1"
        case disabled = "identity.person-disabled.v1"
        case enabled = "identity.person-enabled.v1"
    }

    /// Reads what was added to the log.
    ///
    /// - Returns: whether the end of the log was reached.
    static func catchUp(_ house: House, pages: Int = 40) async throws -> Bool {
        try await LogWalk(name: "accounts", kinds: Kind.allCases.map(\.rawValue), house: house)
            .goOn(pages: pages) { leaves, tx in
                for leaf in leaves { try take(leaf, tx) }
            }
    }

    private static func take(_ leaf: Ledger.Leaf, _ tx: any Transaction) throws {
        guard let kind = Kind(rawValue: leaf.kind),
            let person = leaf.data["person"]?.stringValue.flatMap({ Identifier<Kernel.Person>($0) })
        else { return }
        let (key, at) = (StoreValue.bytes(person.bytes), StoreValue.integer(leaf.happened.microseconds))
        try tx.execute(
            "INSERT INTO access_accounts (person, open, changed) VALUES (?, 1, ?) ON CONFLICT (person) DO NOTHING",
            [key, at])
        switch kind {
        case .invited, .rolesChanged:
            try set((leaf.data["roles"]?.arrayValue ?? []).compactMap(\.stringValue), of: key, at: at, tx)
        case .disabled:
            try tx.execute("UPDATE access_accounts SET open = 0, changed = ? WHERE person = ?", [at, key])
        case .enabled:
            try tx.execute("UPDATE access_accounts SET open = 1, changed = ? WHERE person = ?", [at, key])
            // Whoever lets somebody in again gives them their roles anew.
            try tx.execute("UPDATE access_grants SET since = ? WHERE person = ?", [at, key])
        }
    }

    private static func set(
        _ roles: [String], of person: StoreValue, at: StoreValue, _ tx: any Transaction
    ) throws {
        for row in try tx.rows("SELECT role FROM access_grants WHERE person = ? ORDER BY role", [person]) {
            let role = try row.text(0)
            if roles.contains(where: { $0.utf8.elementsEqual(role.utf8) }) { continue }
            try tx.execute("DELETE FROM access_grants WHERE person = ? AND role = ?", [person, .text(role)])
        }
        for role in roles {
            try tx.execute(
                "INSERT INTO access_grants (person, role, since) VALUES (?, ?, ?) ON CONFLICT (person, role) DO NOTHING",
                [person, .text(role), at])
        }
    }
}

/// An account as the log tells of it.
struct ToldAccount: Sendable, Hashable {
    /// Whether it was last opened rather than closed.
    let isOpen: Bool
    /// When that was.
    let changed: Instant
    /// When each of its roles was given.
    var roles: [String: Instant] = [:]
}

extension ReadTransaction {
    /// Every account that the log tells of.
    func toldAccounts() throws -> [Identifier<Kernel.Person>: ToldAccount] {
        var accounts: [Identifier<Kernel.Person>: ToldAccount] = [:]
        for row in try rows("SELECT person, open, changed FROM access_accounts ORDER BY person") {
            accounts[try row.person(0)] = ToldAccount(
                isOpen: try row.integer(1) != 0, changed: Instant(microseconds: try row.integer(2)))
        }
        for row in try rows("SELECT person, role, since FROM access_grants ORDER BY person, role") {
            accounts[try row.person(0)]?.roles[try row.text(1)] = Instant(microseconds: try row.integer(2))
        }
        return accounts
    }
}

extension Row {
    /// The person in column `index`.
    func person(_ index: Int) throws -> Identifier<Kernel.Person> {
        guard let person = Identifier<Kernel.Person>(bytes: try bytes(index)) else {
            throw Fault(.damaged, "A row of the access tables names a person by an id that is none.")
        }
        return person
    }
}
