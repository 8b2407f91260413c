// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Keyring
import Ledger
import ResticFormat
import Store

/// Looks into every repository again and again: whether the snapshots that the log knows of are still there, and whether an
/// intruder with the backup's credentials could delete them.
struct RepositoryRound: Sendable {
    let house: House
    let key: OpenKey

    /// How often it looks.
    static let interval = Duration.minutes(30)
    /// How often two programs check a repository without reading its data.
    static let checked = Duration.days(7)

    var job: Job { Job("backup/repositories", every: Self.interval) { try await look() } }

    /// What a look could not do; the others go on.
    struct Trouble: Error, CustomStringConvertible {
        let repositories: [String]

        var description: String { "repositories that could not be looked at: \(repositories.joined(separator: ", "))" }
    }

    /// Looks into all of them.
    ///
    /// - Throws: `Trouble` with those that could not be looked at.
    func look() async throws {
        let desk = try await RepositoryDesk(house)
        let repositories = try await desk.all()
        guard !repositories.isEmpty else { return }
        // What waits for its place in the log would look as if the log did not know of it.
        try? await house.ledger.settle()
        var trouble: [String] = []
        for repository in repositories {
            do {
                try await BlockingThreads.two.run {
                    try await look(at: repository, desk)
                    try await check(repository)
                }
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                trouble.append("\(repository.id)")
                let words = FailureWords.of(error)
                try await house.store.write { tx in try tx.note(trouble: words, at: repository.id) }
            }
        }
        guard trouble.isEmpty else { throw Trouble(repositories: trouble) }
    }

    private func look(at repository: StoredRepository, _ desk: RepositoryDesk) async throws {
        let secrets = try await desk.secrets(of: repository)
        let place = try secrets.connection.place(at: repository.address) { _ in }
        // Before the list: what is added meanwhile is not missed in it.
        var expected = try await ToldSnapshots.read(house).snapshots[repository.id.description] ?? []
        let isThere = try await place.length(of: .config) != nil
        let there = isThere ? Set(try await place.list(.snapshots).map(\.id)) : []
        if !expected.allSatisfy({ there.contains($0.snapshot) }) {
            // Somebody may have forgotten them on purpose meanwhile, and that is told afterwards.
            try? await house.ledger.settle()
            let now = Set(
                try await ToldSnapshots.read(house).snapshots[repository.id.description]?.map(\.snapshot) ?? [])
            expected.removeAll { !now.contains($0.snapshot) }
        }
        let canDelete = isThere ? try await place.canDelete() : nil
        try await note(there, expected, canDelete, at: repository)
        // A repository that is gone with all that was in it is the worst case, and not a place that was not reached.
        guard isThere else { throw PlaceError.noRepository(place.name) }
    }

    /// Takes down what was seen, and what was missed.
    private func note(
        _ there: Set<ObjectID>, _ expected: [ToldSnapshots.Told], _ canDelete: Bool?, at repository: StoredRepository
    ) async throws {
        try await house.store.write { tx in
            try tx.note(StoredRepository.Look(at: tx.now, canDelete: canDelete), at: repository.id)
            let known = Dictionary(
                try tx.backupSnapshots(in: repository.id).map { ($0.snapshot, $0) },
                uniquingKeysWith: { first, _ in first }
            )
            for told in expected {
                guard try tx.backupJob(told.job) != nil else { continue }
                let isKnown = known[told.snapshot] != nil
                var record =
                    known[told.snapshot]
                    ?? SnapshotRecord(
                        repository: repository.id, snapshot: told.snapshot, job: told.job, run: told.run,
                        taken: told.at,
                        seen: told.at, gone: nil)
                // Of what the store lost the row nobody knows any more whether it was whole.
                if !isKnown { record.isWhole = false }
                if there.contains(told.snapshot) {
                    (record.seen, record.gone) = (tx.now, nil)
                } else if record.gone == nil {
                    record.gone = tx.now
                    try tx.record(
                        Fact(
                            BackupFacts.snapshotGone, by: .system,
                            [
                                .init("repository", .string(repository.id.description)),
                                .init("snapshot", .string(told.snapshot.hex)),
                            ]))
                }
                try tx.upsert(record)
            }
        }
    }

    private func check(_ repository: StoredRepository) async throws {
        let isDue = try await house.store.read { tx in
            let last = try tx.newestCheck(of: repository.id)?.at ?? repository.created
            return last.advanced(by: Self.checked) <= tx.now || last > tx.now.advanced(by: .minutes(5))
        }
        guard isDue else { return }
        do {
            _ = try await Examination(house: house, repository: repository).run(readsData: false, by: .system)
        } catch RepositoryError.locked {
            // A backup is at work there: the next look tries again.
        }
    }
}
