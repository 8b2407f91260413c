// SPDX-License-Identifier: Apache-2.0

import Building
import CedarPolicy
import Codecs
import Kernel
import Ledger
import Store

/// What the evidence log tells of the use of rules: who was let through by which, and when last; and whether each
/// reading of protected records is explained by a rule.
///
/// The entries belong to other practices. They are known by the ids that stand in the log for ever, and an entry
/// from before they named their rules tells nothing.
struct UsesTold: Sendable {
    let house: House
    let shelf: RuleShelf

    /// Entries that name the rules by which somebody was let through, in `rules`.
    private static let kinds = readings + ["vault.patients-searched.v1", "access.allowed.v1"]
    private static let chartRead = "vault.chart-read.v1"
    /// Those that are readings of a patient's records.
    private static let readings = [chartRead, "vault.record-read.v1"]

    /// Reads what was added to the log.
    ///
    /// - Returns: whether the end of the log was reached.
    func catchUp(pages: Int = 40) async throws -> Bool {
        try await LogWalk(name: "uses", kinds: Self.kinds, house: house).goOn(pages: pages) { [shelf] leaves, tx in
            try Self.takeUses(leaves, tx)
            try Self.takeReadings(leaves, shelf, tx)
        }
    }

    private static func takeUses(_ leaves: [Ledger.Leaf], _ tx: any Transaction) throws {
        struct Use: Hashable {
            let person: [UInt8]
            let rule: String
        }
        var last: [Use: Int64] = [:]
        var first: Int64?
        for leaf in leaves {
            guard let rules = leaf.toldRules else { continue }
            first = first ?? leaf.happened.microseconds
            guard leaf.actor.type.utf8.elementsEqual("person".utf8),
                let person = Identifier<Kernel.Person>(leaf.actor.id)
            else { continue }
            for rule in rules {
                let use = Use(person: person.bytes, rule: rule)
                last[use] = max(last[use] ?? .min, leaf.happened.microseconds)
            }
        }
        for (use, at) in last {
            try tx.execute(
                """
                INSERT INTO access_uses (person, rule, last) VALUES (?, ?, ?)
                ON CONFLICT (person, rule) DO UPDATE SET last = excluded.last WHERE access_uses.last < excluded.last
                """, [.bytes(use.person), .text(use.rule), .integer(at)])
        }
        guard let first else { return }
        try tx.execute(
            "INSERT INTO access_settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
            [.text(usesSince), .integer(first)])
    }

    /// Under which it is kept since when the log names rules.
    fileprivate static let usesSince = "uses-since"

    private static func takeReadings(
        _ leaves: [Ledger.Leaf], _ shelf: RuleShelf, _ tx: any Transaction
    ) throws {
        var known = try KnownRules(shelf, in: tx)
        for leaf in leaves where readings.contains(where: { $0.utf8.elementsEqual(leaf.kind.utf8) }) {
            guard let verdict = try verdict(on: leaf, &known, tx) else { continue }
            try tx.execute(
                """
                INSERT INTO access_reading_days (day, readings, explained, unclear) VALUES (?, ?, ?, ?)
                ON CONFLICT (day) DO UPDATE SET
                    readings = access_reading_days.readings + excluded.readings,
                    explained = access_reading_days.explained + excluded.explained,
                    unclear = access_reading_days.unclear + excluded.unclear
                """,
                [
                    .integer(leaf.happened.day), .integer(verdict == .unclear ? 0 : 1),
                    .integer(verdict == .explained ? 1 : 0), .integer(verdict == .unclear ? 1 : 0),
                ])
        }
    }

    private enum Verdict { case explained, unexplained, unclear }

    /// Whether a rule explains a reading of protected records; nil for a reading that showed none.
    private static func verdict(
        on leaf: Ledger.Leaf, _ known: inout KnownRules, _ tx: any ReadTransaction
    ) throws -> Verdict? {
        guard let rules = leaf.toldRules else { return .unclear }
        guard let protected = leaf.data["protected"]?.arrayValue else {
            // A chart says of which classes it showed records; a single record does so where it is of one.
            return leaf.kind.utf8.elementsEqual(chartRead.utf8) ? .unclear : nil
        }
        for element in protected {
            guard let name = element.stringValue, let protected = ProtectedClass(rawValue: name) else {
                return .unclear
            }
            let isExplained = try rules.contains { rule in
                let permits: (Policy) -> Bool = { (try? $0.permits(protected.action)) ?? false }
                return try known.first(rule, in: tx, where: permits) != nil
            }
            if !isExplained { return .unexplained }
        }
        return protected.isEmpty ? nil : .explained
    }
}

extension Ledger.Leaf {
    /// The rules by which somebody was let through; nil where the entry does not say.
    fileprivate var toldRules: [String]? {
        data["rules"]?.arrayValue?.compactMap(\.stringValue)
    }
}

extension Instant {
    /// Whole days since 1970 in UTC.
    var day: Int64 {
        let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
        return rest < 0 ? days - 1 : days
    }
}

/// When people last used their roles, as far as the log tells.
struct RoleUses: Sendable {
    /// Since when the log names the rules by which people were let through; nil while it never did.
    let since: Instant?
    private var last: [Identifier<Kernel.Person>: [(roles: Set<String>, at: Instant)]] = [:]

    /// Reads them.
    init(_ shelf: RuleShelf, in tx: any ReadTransaction) throws {
        since = try tx.row("SELECT value FROM access_settings WHERE name = ?", [.text(UsesTold.usesSince)])
            .map { Instant(microseconds: try $0.integer(0)) }
        var known = try KnownRules(shelf, in: tx)
        var roles: [String: Set<String>] = [:]
        // What every role may do says nothing about any of them.
        let all = Set(StaffRole.allCases.map(\.rawValue))
        for row in try tx.rows("SELECT person, rule, last FROM access_uses ORDER BY person, rule") {
            let rule = try row.text(1)
            let asked = try roles[rule] ?? known.first(rule, in: tx)?.askedRoles ?? []
            roles[rule] = asked
            if asked.isEmpty || asked.isSuperset(of: all) { continue }
            last[try row.person(0), default: []].append((asked, Instant(microseconds: try row.integer(2))))
        }
    }

    /// When `person` was last let through by a rule that asks for `role`, perhaps among others; nil when it was
    /// never seen. Who has two roles that a rule asks for used both.
    func last(_ role: String, of person: Identifier<Kernel.Person>) -> Instant? {
        (last[person] ?? []).filter { $0.roles.contains(role) }.map(\.at).max()
    }
}
