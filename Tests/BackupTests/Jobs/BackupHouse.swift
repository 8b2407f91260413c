// SPDX-License-Identifier: Apache-2.0

import Building
import Foundation
import Kernel
import Keyring
import Ledger
import Logging
import Store
import TestSupport
import Testing

@testable import Backup

/// A house with the tables of this practice, repositories in a folder of a test's own, and a clock that it sets.
struct BackupHouse: Sendable {
    let house: House
    let clock: ManualClock
    let folder: String
    let key: OpenKey

    private struct Nobody: PeopleDirectory {
        func person(_ id: Identifier<Kernel.Person>) async throws -> PersonSummary? { nil }
        func everyone() async throws -> [PersonSummary] { [] }
        func signedIn(cookie: String) async throws -> SignedIn? { nil }
    }

    private struct Everything: Authorizer {
        func decide(_ request: AccessRequest) async throws -> Decision {
            Decision(isAllowed: true, rules: [], explanation: "")
        }
    }

    static func with(
        _ dialect: StoreDialect = .sqlite, isolation: isolated (any Actor)? = #isolation,
        _ body: (BackupHouse) async throws -> Void
    ) async throws {
        let migrations = EvidenceLog.migrations + Keyring.migrations + JobRunner.migrations + BackupPractice.migrations
        try await StoreFixture.with(dialect, migrations: migrations) { fixture in
            let store = fixture.database
            let keyring = try await Keyring.open(store, keyFile: KeyFile(path: fixture.folder + "/keys/test.key"))
            let tiles: any TileStore =
                dialect == .sqlite ? FileTileStore(folder: fixture.folder + "/store/ledger") : TableTileStore(store)
            let ledger = try await EvidenceLog(
                store: store, tiles: tiles, signingKey: try await keyring.secret(named: "ledger-signing"),
                institution: keyring.institution,
                reserve: FileReserve(path: fixture.folder + "/reserve", size: 1 << 16), logger: Logger(label: "test"))
            let house = House(
                ledger: ledger, store: store, clock: fixture.clock, directory: Nobody(), authorizer: Everything(),
                keyring: keyring)
            try await body(
                BackupHouse(
                    house: house, clock: fixture.clock, folder: fixture.folder,
                    key: try await keyring.sharedKey(owner: "backup")))
        }
    }

    /// A repository in a folder.
    func repository(_ name: String, site: String = "Cellar") async throws -> StoredRepository {
        let name = try #require(BackupName(name))
        return try await RepositoryDesk(house).add(
            name, at: "\(folder)/\(name.text)", site: site, password: Array("a password".utf8), PlaceConnection(),
            by: .system
        ).repository
    }

    /// A job that backs up `source`, a folder of the test.
    func job(
        _ name: String = "Records", to repositories: [StoredRepository], _ schedule: String = "daily 02:30",
        before: [String] = [], after: [String] = []
    ) async throws -> BackupJob {
        try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: true)
        var order = JobDesk.Order(
            name: try #require(BackupName(name)), source: .files(paths: [source], excludes: []),
            repositories: repositories, schedule: try #require(BackupSchedule(schedule)), jitter: 0,
            drills: try #require(BackupSchedule("weekly sun 05:00")))
        (order.before, order.after) = (before, after)
        return try await JobDesk(house).add(order, by: .system)
    }

    var source: String { "\(folder)/source" }

    /// Writes a file into the folder that is backed up.
    func write(_ name: String, _ text: String) throws {
        try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(source)/\(name)"))
    }

    /// The leaves of a kind, newest first.
    func leaves(_ kind: FactKind) async throws -> [Ledger.Leaf] {
        try await house.ledger.settle()
        var query = LeafQuery(limit: 100)
        query.kind = kind.id
        return try await house.ledger.leaves(query).map(\.leaf)
    }

    func run(_ job: BackupJob) async throws -> [RunRecord] {
        let desk = try await JobDesk(house)
        return try await BlockingThreads.two.run { try await desk.runNow(job, by: .system) }
    }

    func drill(_ job: BackupJob, _ order: DrillDesk.Order = DrillDesk.Order()) async throws -> DrillRecord {
        var order = order
        order.scratch = folder + "/scratch"
        let (desk, ready) = (try await DrillDesk(house), order)
        return try await BlockingThreads.two.run { try await desk.drill(job, ready, by: .system) }
    }

    func job(_ id: Identifier<BackupJob>) async throws -> BackupJob { try await JobDesk(house).job(id) }
}
