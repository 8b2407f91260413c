// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Keyring
import Store
import Web

/// The pages of this practice.
struct BackupPages: Sendable {
    let house: House
    let key: OpenKey

    static let path = "/backup"

    /// How many drills a page looks at: one a day of a year.
    static let drillLimit: Int64 = 400

    func add(to site: inout Site) {
        let snapshots = SnapshotPages(house: house, shelf: OpenRepositories(house))
        site.get(Self.path, BackupActions.read) { request in
            .page("Backup", OverviewPage(try await sheet(), house.localTime).content(request))
        }
        site.get("\(Self.path)/jobs/{job}", BackupActions.read) { request in
            let page = try await jobPage(try request.identifier("job"))
            let mayLook = try await allows(BackupActions.restore, request)
            return .page(page.job.name, page.content(request, mayLook: mayLook))
        }
        site.post("\(Self.path)/jobs/{job}/run", BackupActions.start) { try await start($0, drill: false) }
        site.post("\(Self.path)/jobs/{job}/drill", BackupActions.start) { try await start($0, drill: true) }
        site.get("\(Self.path)/drills/{drill}", BackupActions.read) { request in
            let id: Identifier<DrillRecord> = try request.identifier("drill")
            let (drill, job, repository) = try await house.store.read { tx in
                guard let drill = try tx.backupDrill(id, key), let job = try tx.backupJob(drill.job) else {
                    throw Fault(.notFound, "There is no such drill.")
                }
                return (drill, job, try tx.backupRepository(drill.repository))
            }
            let mayLook = try await allows(BackupActions.restore, request)
            let page = DrillPage(drill: drill, job: job, repository: repository, time: house.localTime)
            return .page("Restore drill", page.content(mayLook: mayLook))
        }
        snapshots.add(to: &site)
    }

    private func start(_ request: PageRequest, drill: Bool) async throws -> Answer {
        let id: Identifier<BackupJob> = try request.identifier("job")
        try await JobDesk(house).start(id, drill: drill)
        return .seeOther("\(Self.path)/jobs/\(id)?started=\(drill ? "drill" : "run")")
    }

    private func allows(_ action: Action, _ request: PageRequest) async throws -> Bool {
        try await house.authorizer.decide(action, for: request.visitor).isAllowed
    }

    private func sheet() async throws -> BackupSheet {
        try await house.store.read { [key] tx in try BackupSheet(tx, key) }
    }

    private func jobPage(_ id: Identifier<BackupJob>) async throws -> JobPage {
        let time = house.localTime
        return try await house.store.read { [key] tx in
            guard let job = try tx.backupJob(id) else { throw Fault(.notFound, "There is no such backup job.") }
            let repositories = Dictionary(
                try tx.backupRepositories().map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            return JobPage(
                job: job, repositories: repositories, runs: try tx.backupRuns(of: id, limit: 50, key),
                badRepositories: try tx.repositoriesWithErrors(),
                snapshots: try tx.backupSnapshots(of: id, limit: 100),
                drills: try tx.backupDrills(of: id, limit: Self.drillLimit, key), now: tx.now, time: time)
        }
    }
}

/// Everything that the first page shows, of one moment.
struct BackupSheet: Sendable {
    let now: Instant
    let lines: [Line]
    let repositories: [(repository: StoredRepository, check: CheckRecord?)]
    let drills: [DrillRecord]
    /// Snapshots that the log knows of and that are not there any more.
    let gone: [SnapshotRecord]

    /// One job.
    struct Line: Sendable {
        let job: BackupJob
        let lastRun: RunRecord?
        let newest: SnapshotRecord?
        let drill: DrillRecord?
        let rule: CopyRule
    }

    init(_ tx: any ReadTransaction, _ key: OpenKey) throws {
        now = tx.now
        let all = try tx.backupRepositories()
        let byID = Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        repositories = try all.map { ($0, try tx.newestCheck(of: $0.id)) }
        drills = try tx.backupDrills(limit: BackupPages.drillLimit, key)
        var gone: [SnapshotRecord] = []
        let bad = try tx.repositoriesWithErrors()
        lines = try tx.backupJobs().map { job in
            let snapshots = try tx.backupSnapshots(of: job.id, limit: 200)
            gone += snapshots.filter { $0.gone != nil }
            let fresh = Set(snapshots.filter { $0.isFresh(at: tx.now) }.map(\.repository))
            let drill = try tx.backupDrills(of: job.id, limit: 5, key).first { $0.verdict != nil }
            return Line(
                job: job, lastRun: job.worstOfLast(try tx.backupRuns(of: job.id, limit: 10, key)),
                newest: snapshots.first { $0.gone == nil }, drill: drill,
                rule: CopyRule(
                    fresh.compactMap { byID[$0] }, drill: drill, hasErrors: !bad.isDisjoint(with: job.repositories),
                    at: tx.now))
        }
        self.gone = gone
    }
}
