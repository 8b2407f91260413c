// SPDX-License-Identifier: Apache-2.0

import Access
import Building
import Codecs
import Foundation
import Kernel
import Ledger
import Logging
import Posture
import Store
import TestSupport
import Testing

@testable import Server

/// The invented past of the demonstration: whatever counts it, in whatever way, finds the same.
@Suite struct StoryTests {
    /// Long enough for the full disk, a late review, a leaver, and the weeks after.
    private static let days = 75

    @Test func tablesLogAndMeasuresAgree() async throws {
        let began = SystemClock().now()
        try await EstateFixture.withEstate(demoDays: Self.days) { estate in
            let leaves = try await Self.leaves(estate)
            Self.expectHonestTimes(leaves, since: began)
            let kinds = Dictionary(grouping: leaves, by: \.leaf.kind).mapValues(\.count)
            let counts: [(sql: String, kinds: [String])] = [
                ("SELECT count(*) FROM access_emergencies", ["access.emergency-opened.v1"]),
                ("SELECT count(*) FROM access_emergencies WHERE ended IS NOT NULL", ["access.emergency-ended.v1"]),
                (
                    "SELECT count(*) FROM access_emergencies WHERE reviewed IS NOT NULL",
                    ["access.emergency-reviewed.v1"]
                ),
                (
                    "SELECT count(*) FROM access_emergencies WHERE closed IS NOT NULL",
                    ["access.emergency-follow-up-closed.v1"]
                ),
                ("SELECT count(*) FROM access_reviews", ["access.grant-reviewed.v1"]),
                ("SELECT count(*) FROM access_applications", ["access.application-added.v1"]),
                ("SELECT count(*) FROM backup_runs", ["backup.ran.v1", "backup.copied.v1"]),
                ("SELECT count(*) FROM backup_drills", ["backup.drilled.v1"]),
                ("SELECT count(*) FROM backup_checks", ["backup.checked.v1"]),
                ("SELECT count(*) FROM posture_readings", ["posture.reading.v1"]),
                ("SELECT count(*) FROM identity_people WHERE enabled = 0", ["identity.person-disabled.v1"]),
            ]
            for (sql, names) in counts {
                let rows = try await Self.count(sql, estate)
                #expect(rows == names.reduce(0) { $0 + Int64(kinds[$1] ?? 0) }, "\(sql)")
                #expect(rows > 0, "\(sql)")
            }
            try await Self.expectSignIns(leaves, estate)
            try await Self.expectSnapshots(estate)
            try await Self.expectReadings(leaves, estate)
            let result = try await LogVerification.verify(
                estate.settings.tiles(estate.house.store), trusted: estate.house.ledger.verifierKey,
                store: estate.house.store)
            #expect(result.problems.isEmpty && result.size >= UInt64(leaves.count))
        }
    }

    private static func count(_ sql: String, _ estate: Estate) async throws -> Int64 {
        try await estate.house.store.read { tx in try tx.row(sql)?.integer(0) ?? 0 }
    }

    private static func leaves(_ estate: Estate) async throws -> [PlacedLeaf] {
        try await estate.house.ledger.settle()
        var query = LeafQuery(limit: 1_000)
        query.after = -1
        var found: [PlacedLeaf] = []
        while case let page = try await estate.house.ledger.leaves(query), let last = page.last {
            found += page
            query.after = last.position
        }
        return found
    }

    /// Nothing was dated back, and the invented past stands in the log in its own order.
    private static func expectHonestTimes(_ leaves: [PlacedLeaf], since began: Instant) {
        var last = Instant(microseconds: .min)
        for placed in leaves {
            #expect(placed.leaf.at >= began)
            guard placed.leaf.data["synthetic"] == .boolean(true), let effective = placed.leaf.effective else {
                Issue.record("entry \(placed.position), \(placed.leaf.kind), is not marked as invented")
                continue
            }
            #expect(effective <= placed.leaf.at)
            // An emergency is closed by its time a moment before that is written down.
            if placed.leaf.kind != "access.emergency-ended.v1" {
                #expect(effective >= last, "entry \(placed.position), \(placed.leaf.kind)")
                last = effective
            }
        }
    }

    private static func expectSignIns(_ leaves: [PlacedLeaf], _ estate: Estate) async throws {
        var told: [String: Int64] = [:]
        for placed in leaves where placed.leaf.kind == "identity.signed-in.v1" {
            told[placed.leaf.actor.id] = placed.leaf.happened.microseconds
        }
        let rows = try await estate.house.store.read { tx in
            try tx.rows("SELECT id, signed_in FROM identity_people WHERE signed_in IS NOT NULL ORDER BY id").map {
                row in
                (Identifier<Person>(bytes: try row.bytes(0))?.description ?? "", try row.integer(1))
            }
        }
        #expect(rows.count == 17)
        for (person, at) in rows { #expect(told[person] == at) }
    }

    /// What the register says is there lies on the disk.
    private static func expectSnapshots(_ estate: Estate) async throws {
        let rows = try await estate.house.store.read { tx in
            try tx.rows(
                """
                SELECT r.name, count(*) FROM backup_snapshots s JOIN backup_repositories r ON r.id = s.repository
                WHERE s.gone IS NULL GROUP BY r.name ORDER BY r.name
                """
            ).map { (String(decoding: try $0.bytes(0), as: UTF8.self), try $0.integer(1)) }
        }
        #expect(rows.map(\.0) == ["Annex", "Basement"])
        for (name, count) in rows {
            let folder = "\(estate.settings.data)/demo/repositories/\(name.lowercased())/snapshots"
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == count)
        }
    }

    /// Every reading stands in the log with its figures, there is one of each measure an evening, and what was true last
    /// night is what the probes find today.
    private static func expectReadings(_ leaves: [PlacedLeaf], _ estate: Estate) async throws {
        let told = Dictionary(leaves.map { ($0.leaf.id, $0.leaf) }, uniquingKeysWith: { first, _ in first })
        let start = Instant(microseconds: 0)
        for probe in estate.posture.probes {
            let history = try await estate.posture.history(of: probe.measure, since: start)
            #expect(history.count >= days - 1 && history.count <= days + 1, "\(probe.measure.id)")
            for recorded in history {
                let data = try #require(told[recorded.leaf]).data
                #expect(data["fulfilling"]?.integerValue == recorded.reading.fulfilling)
                #expect(data["population"]?.integerValue == recorded.reading.population)
            }
            guard ["identity.second-factor", "backup.restore-proven", "access.rules"].contains(probe.measure.id)
            else { continue }
            let now = try #require(try await probe.read())
            #expect(now.fulfilling == history.last?.reading.fulfilling, "\(probe.measure.id)")
            #expect(now.population == history.last?.reading.population, "\(probe.measure.id)")
        }
        let reviews = try #require(try await estate.posture.newest()["access.break-glass-reviewed"]).reading
        let since = reviews.collectedAt.advanced(by: .days(-90)).microseconds
        let opened = try await count("SELECT count(*) FROM access_emergencies WHERE opened > \(since)", estate)
        // One more was opened after that evening.
        #expect(reviews.source.hasPrefix("\(opened - 1) opened by the log"), "\(reviews.source)")
        let fresh = try #require(estate.posture.probes.first { $0.measure.id == "backup.copies-fresh" }?.measure)
        let states = try await estate.posture.history(of: fresh, since: start).map { $0.reading.fulfilling }
        #expect(states.contains(0) && states.last == 2)
    }

    @Test func aStoreOfRealPatientsTakesNothingInvented() async throws {
        try await EstateFixture.withEstate { estate in
            await #expect(throws: Fault.self) { _ = try await SyntheticAccess(estate.house) }
            await #expect(throws: Fault.self) {
                try await AccessPractice.addSynthetic(staff: [], into: estate.house)
            }
            await #expect(throws: Fault.self) {
                try await HouseRegister.noteStory(isTold: false, estate.house.store)
            }
            let logger = Logger(label: "test")
            await #expect(throws: Fault.self) {
                try await DemoLoader(settings: estate.settings, logger: logger).loadIfNew()
            }
            let isEmpty = try await estate.house.directory.everyone().isEmpty
            #expect(isEmpty)
        }
    }

    @Test func whatWasBrokenOffIsNotTakenForTheWhole() async throws {
        try await EstateFixture.withEstate(demoDays: 0) { estate in
            let (loader, store) = (
                DemoLoader(settings: estate.settings, logger: Logger(label: "test")), estate.house.store
            )
            let people = try await estate.house.directory.everyone().count
            try await loader.loadIfNew()
            let after = try await estate.house.directory.everyone().count
            #expect(after == people)
            try await HouseRegister.noteStory(isTold: false, store)
            await #expect(throws: Fault.self) { try await loader.loadIfNew() }
        }
    }
}
