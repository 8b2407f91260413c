// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Store
import TestSupport
import Testing

@testable import Vault

@Suite("Opening every record in rounds")
struct OpeningTests {
    /// A patient and 59 observations.
    private static func fill(_ vault: VaultFixture) async throws {
        let entries = (1...59).map { "{\"resource\":\(Sample.observation("o\($0)", of: "p1"))}" }
        try await vault.take(
            """
            {"resourceType":"Bundle","type":"collection","entry":[{"resource":\(Sample.patient("p1"))},\
            \(entries.joined(separator: ","))]}
            """)
    }

    private static func rounds(_ vault: VaultFixture, pages: Int = 2) -> OpeningRounds {
        OpeningRounds(vault.house, pageSize: 10, pagesPerRun: pages)
    }

    private static func ids(_ vault: VaultFixture) async throws -> [[UInt8]] {
        try await vault.house.store.read { tx in
            try tx.rows("SELECT id FROM vault_records ORDER BY id").map { try $0.bytes(0) }
        }
    }

    private static func seal(_ id: [UInt8], _ vault: VaultFixture) async throws -> [UInt8] {
        try await vault.house.store.read { tx in
            try tx.row("SELECT sealed FROM vault_records WHERE id = ?", [.bytes(id)])?.bytes(0) ?? []
        }
    }

    private static func set(_ sealed: [UInt8], of id: [UInt8], _ vault: VaultFixture) async throws {
        try await vault.house.store.write { tx in
            _ = try tx.execute("UPDATE vault_records SET sealed = ? WHERE id = ?", [.bytes(sealed), .bytes(id)])
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func damageFarFromTheBeginningIsFoundAndNamed(_ dialect: StoreDialect) async throws {
        try await VaultFixture.with(dialect) { vault in
            try await Self.fill(vault)
            let id = try await Self.ids(vault)[52]
            let whole = try await Self.seal(id, vault)
            var damaged = whole
            damaged[damaged.count - 1] ^= 1
            try await Self.set(damaged, of: id, vault)

            // Each reading is taken as after a restart: only the store knows how far the round is.
            for (good, unmeasured) in [(20, 40), (40, 20), (59, 0), (59, 0)] as [(Int64, Int64)] {
                let reading = try #require(try await SealedAtRest.read(vault.house, Self.rounds(vault)))
                #expect((reading.population, reading.fulfilling, reading.unmeasured) == (60, good, unmeasured))
                let state = PostureState.of(SealedAtRest.measure, reading, now: reading.collectedAt)
                #expect(state == (unmeasured > 0 ? .unknown : .notMet))
            }
            let name = try #require(Identifier<Record>(bytes: id)).description
            let leaves = try await vault.leaves(VaultFacts.recordDamaged)
            #expect(leaves.map { $0.data["record"]?.stringValue } == [name])
            #expect(leaves.first?.data.objectValue?.count == 1)
            // It is tried again soon, and named in the log once only.
            vault.clock.advance(by: .minutes(5))
            let named = try await SealedAtRest.read(vault.house, Self.rounds(vault))
            #expect(try await vault.leaves(VaultFacts.recordDamaged).count == 1)
            #expect(named?.source == "counted by the log; 60 opened within 24 hours; record \(name) did not open")

            try await Self.set(whole, of: id, vault)
            vault.clock.advance(by: .minutes(5))
            let restored = try #require(try await SealedAtRest.read(vault.house, Self.rounds(vault)))
            #expect(restored.fulfilling == 60 && restored.source == "counted by the log; 60 opened within 24 hours")
            #expect(PostureState.of(SealedAtRest.measure, restored, now: restored.collectedAt) == .met)
            #expect(try await vault.leaves(VaultFacts.recordDamaged).count == 1)
        }
    }

    @Test func openingsOfYesterdayDoNotCount() async throws {
        try await VaultFixture.with(.sqlite) { vault in
            try await Self.fill(vault)
            try await Self.rounds(vault, pages: 4).run()
            vault.clock.advance(by: .hours(23))
            try await Self.rounds(vault, pages: 1).run()
            #expect(try await Self.rounds(vault).tally().opened == 50)
            vault.clock.advance(by: .hours(1))
            let reading = try #require(try await SealedAtRest.read(vault.house, Self.rounds(vault, pages: 0)))
            #expect((reading.population, reading.fulfilling, reading.unmeasured) == (60, 10, 50))
            // The oldest are renewed first, and nothing is opened twice within six hours.
            try await Self.rounds(vault, pages: 5).run()
            #expect(try await Self.rounds(vault).tally().opened == 60)
            let before = try await Self.pages(vault)
            vault.clock.advance(by: .hours(4))
            try await Self.rounds(vault, pages: 5).run()
            #expect(try await Self.pages(vault) == before)
        }
    }

    private static func pages(_ vault: VaultFixture) async throws -> [Row] {
        try await vault.house.store.read { tx in
            try tx.rows("SELECT after, through, opened, at FROM vault_openings ORDER BY through")
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func recordsThatComeAndGoAreCountedAsTheyAre(_ dialect: StoreDialect) async throws {
        try await VaultFixture.with(dialect) { vault in
            try await Self.fill(vault)
            let ids = try await Self.ids(vault)
            // What a slow import commits behind the end of the round: it is put back later.
            try await Self.move(from: "vault_records", to: "aside", ids[25], vault)
            try await Self.rounds(vault, pages: 6).run()
            #expect(try await Self.rounds(vault).tally().opened == 59)
            try await Self.move(from: "aside", to: "vault_records", ids[25], vault)
            #expect(try await Self.rounds(vault, pages: 0).tally().opened == 59)
            let tally = try await Self.rounds(vault).tally()
            #expect((tally.rows, tally.opened, tally.failing) == (60, 60, 0))

            // New ones follow at the end and are opened first, also when all others are due.
            vault.clock.advance(by: .hours(7))
            try await vault.take(Sample.patient("p2", family: "Other"))
            try await Self.rounds(vault, pages: 1).run()
            #expect(try await Self.rounds(vault).tally().opened == 61)

            // Gone ones do not count, and the next rounds close over the place where they were.
            try await vault.house.store.write { tx in
                for id in ids[5..<35] { try tx.execute("DELETE FROM vault_records WHERE id = ?", [.bytes(id)]) }
            }
            #expect(try await Self.rounds(vault).tally().opened == 31)
            try await Self.rounds(vault, pages: 20).run()
            #expect(try await Self.rounds(vault).tally().opened == 31)
            let pages = try await Self.pages(vault)
            var end: [UInt8] = []
            for page in pages {
                #expect(try page.bytes(0) == end)
                end = try page.bytes(1)
            }
            #expect(try pages.reduce(0) { $0 + (try $1.integer(2)) } == 31)
        }
    }

    private static func move(
        from: String, to: String, _ id: [UInt8], _ vault: VaultFixture
    ) async throws {
        let columns = "id, lookup, version, type, patient, key_id, digest, size, created, current, sealed"
        try await vault.house.store.write { tx in
            try tx.execute(
                """
                CREATE TABLE IF NOT EXISTS aside (
                    id BYTES, lookup BYTES, version BIGINT, type TEXT, patient BYTES, key_id BYTES, digest BYTES,
                    size BIGINT, created BIGINT, current BIGINT, sealed BYTES)
                """)
            try tx.execute(
                "INSERT INTO \(to) (\(columns)) SELECT \(columns) FROM \(from) WHERE id = ?", [.bytes(id)])
            try tx.execute("DELETE FROM \(from) WHERE id = ?", [.bytes(id)])
        }
    }
}
