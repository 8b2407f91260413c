// SPDX-License-Identifier: Apache-2.0

import Building
import CedarPolicy
import Kernel
import Ledger
import Store
import TestSupport
import Testing

@testable import Access

/// What the log tells of the use of roles.
struct RoleUseTests {
    @Test func theRolesThatARuleAsksForAreRead() throws {
        let book = try RuleBook.builtIn()
        func asked(_ id: Text) throws -> Set<String> { try #require(book[id]).askedRoles }
        #expect(try asked("administrator") == ["administrator"])
        #expect(try asked("care-team-reads-chart") == ["physician", "nurse"])
        #expect(try asked("psychotherapy-by-care-team") == ["physician"])
        #expect(try asked("emergency") == ["physician", "nurse"])
        #expect(try asked("account-closed") == [])
    }

    @Test(arguments: [
        (#"principal in Role::"a" && context.secondFactor"#, ["a"]),
        (#"principal in [Role::"a", Role::"b"]"#, ["a", "b"]),
        (#"principal is Person in Role::"a""#, ["a"]),
        (#"principal in Role::"a" || context.secondFactor"#, []),
        (#"!(principal in Role::"a")"#, []),
        (#"principal in Department::"a""#, []),
        (#"resource in Role::"a""#, []),
    ])
    func rolesInConditions(condition: String, roles: [String]) throws {
        let text = "@id(\"x\") permit (principal, action, resource) when { \(condition) };"
        let book = try RuleBook(parsing: Array(text.utf8))
        #expect(try #require(book["x"]).askedRoles == Set(roles))
    }

    @Test(arguments: StoreFixture.dialects)
    func aRoleThatIsNotUsedIsPointedOut(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let start = house.now
            let both = try await house.invite("Mara", .nurse, .billing)
            // Before the log names rules nothing is known, whatever it tells.
            try await house.read(by: both, rules: nil)
            house.clock.set(start.advanced(by: .days(200)))
            #expect(try await house.grant(.billing, of: both)?.use == .unknown(since: nil))

            // What every role may do says nothing about one of them.
            let watched = house.now
            try await house.read(by: both, rules: ["staff-sees-posture", "no-such-rule"], kind: "access.allowed.v1")
            #expect(try await house.grant(.nurse, of: both)?.use == .unknown(since: watched))

            try await house.read(by: both, rules: ["care-team-reads-chart"])
            #expect(try await house.grant(.nurse, of: both)?.use == .recent(watched))
            #expect(try await house.grant(.billing, of: both)?.use == .unknown(since: watched))

            house.clock.set(watched.advanced(by: .days(90) + .seconds(-1)))
            #expect(try await house.grant(.nurse, of: both)?.use == .recent(watched))
            #expect(try await house.grant(.billing, of: both)?.use == .unknown(since: watched))
            house.clock.set(watched.advanced(by: .days(90)))
            #expect(try await house.grant(.nurse, of: both)?.use == .old(watched))
            #expect(try await house.grant(.billing, of: both)?.use == .never(since: watched))

            try await house.read(by: both, rules: ["billing-reads-visits"], kind: "vault.record-read.v1")
            #expect(try await house.grant(.billing, of: both)?.use == .recent(house.now))
            // Since when a role is there counts too.
            try await house.give(.nurse, .billing, .auditor, to: both, "Mara")
            #expect(try await house.grant(.auditor, of: both)?.use == .unknown(since: house.now))
        }
    }

    @Test func aRuleOfAnEarlierVersionIsKnown() async throws {
        try await AccessFixture.with { house in
            let nurse = try await house.invite("Mara", .nurse)
            for (version, id) in [(1, "night-desk"), (2, "day-desk")] {
                let text = """
                    @id("\(id)") permit (principal in Role::"nurse", action == Action::"vault.read-hiv", resource);
                    """
                try await house.house.store.write { tx in
                    try tx.execute(
                        """
                        INSERT INTO access_rules (id, version, base, policies, note, created, saved)
                        VALUES (?, ?, 0, ?, ?, ?, 0)
                        """,
                        [
                            .bytes(Identifier<Record>(at: tx.now).bytes), .integer(Int64(version)),
                            .bytes(Array(text.utf8)), .bytes([]), .integer(0),
                        ])
                }
            }
            try await house.read(by: nurse, rules: ["night-desk"], protected: ["hiv"])
            #expect(try await house.grant(.nurse, of: nurse)?.use == .recent(house.now))
            #expect(try await house.counts(SensitiveReads.read(house.grants)) == [1, 1, 0])
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func readingsOfProtectedRecordsNeedARule(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let nurse = try await house.invite("Mara", .nurse)
            let day = Duration.days(1)
            func counts() async throws -> [Int64] { try await house.counts(SensitiveReads.read(house.grants)) }
            #expect(try await counts() == [1, 1, 0])

            house.clock.advance(by: day)
            try await house.read(by: nurse, rules: ["care-team-reads-chart"], protected: [])
            try await house.read(
                by: nurse, rules: ["care-team-reads-chart", "protected-by-care-team"],
                protected: ["hiv", "substance-use"])
            try await house.read(by: nurse, rules: ["care-team-reads-chart"], kind: "vault.record-read.v1")
            #expect(try await counts() == [2, 2, 0])

            // A rule for charts, or for another class, explains nothing.
            house.clock.advance(by: day)
            try await house.read(by: nurse, rules: ["care-team-reads-chart"], protected: ["hiv"])
            #expect(try await counts() == [3, 2, 0])
            house.clock.advance(by: day)
            try await house.read(
                by: nurse, rules: ["protected-by-care-team"], protected: ["hiv", "psychotherapy"],
                kind: "vault.record-read.v1")
            #expect(try await counts() == [4, 2, 0])
            house.clock.advance(by: day)
            try await house.read(by: nurse, rules: [], protected: ["hiv"])
            #expect(try await counts() == [5, 2, 0])

            // Entries that do not say what was shown, or name a class of another program, are no proof.
            house.clock.advance(by: day)
            try await house.read(by: nurse, rules: nil)
            #expect(try await counts() == [6, 2, 1])
            house.clock.advance(by: day)
            try await house.read(by: nurse, rules: ["protected-by-care-team"], protected: ["genetics"])
            #expect(try await counts() == [7, 2, 2])

            house.clock.advance(by: .days(22))
            #expect(try await counts() == [29, 24, 2])
            house.clock.advance(by: .days(30))
            #expect(try await counts() == [30, 30, 0])
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func theLogIsReadOnceInOrderAndInPages(dialect: StoreDialect) async throws {
        try await AccessFixture.with(dialect) { house in
            let nurse = try await house.invite("Mara", .nurse)
            for _ in 0..<4 {
                try await house.read(by: nurse, rules: ["care-team-reads-chart"])
                try await house.read(by: nurse, rules: ["care-team-reads-chart"], kind: "vault.record-read.v1")
            }
            try await house.house.store.write { tx in try tx.execute("CREATE TABLE seen (at BIGINT, kind TEXT)") }
            let walk = LogWalk(
                name: "test", kinds: ["vault.record-read.v1", "vault.chart-read.v1"], house: house.house, pageSize: 3)
            func goOn(pages: Int) async throws -> Bool {
                try await walk.goOn(pages: pages) { leaves, tx in
                    for leaf in leaves {
                        let count = try tx.row("SELECT count(*) FROM seen")?.integer(0) ?? 0
                        try tx.execute(
                            "INSERT INTO seen (at, kind) VALUES (?, ?)", [.integer(count), .text(leaf.kind)])
                    }
                }
            }
            #expect(try await !goOn(pages: 1))
            #expect(try await goOn(pages: 10))
            #expect(try await goOn(pages: 10))
            let kinds = try await house.house.store.read { tx in
                try tx.rows("SELECT kind FROM seen ORDER BY at").map { try $0.text(0) }
            }
            #expect(
                kinds == Array(repeating: ["vault.chart-read.v1", "vault.record-read.v1"], count: 4).flatMap(\.self))
        }
    }
}
