// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Keyring
import Ledger
import Store

/// Has a repository checked by two programs, and tells the log what each found.
struct Examination: Sendable {
    let house: House
    let repository: StoredRepository

    /// - Parameter readsData: whether all data is read, not only what names it.
    /// - Throws: what keeps our own check from ending: `PlaceError`, `RepositoryError`.
    func run(readsData: Bool, by actor: EntityReference, steps: Steps = Steps()) async throws -> CheckRecord {
        let desk = try await RepositoryDesk(house)
        let secrets = try await desk.secrets(of: repository)
        let opened = try await desk.open(repository)
        let lock = RepositoryLock(repository: opened, who: .current, isExclusive: true)
        let report = try await lock.hold {
            var check = RepositoryCheck(repository: opened, steps: steps)
            check.subset = readsData ? .all : .none
            return try await check.run()
        }
        let peer = PeerCheck(address: repository.address, secrets: secrets, readsData: readsData).run()
        let words = report.errors.prefix(5).joined(separator: "\n")
        let detail = TerminalText.harmless(words) + (peer.verdict == .failed ? "\n\(peer.words)" : "")
        let repository = repository.id
        return try await house.store.write { tx in
            let record = CheckRecord(
                id: tx.orderedIdentifier(), repository: repository, at: tx.now, errors: Int64(report.errorCount),
                snapshots: Int64(report.snapshots), readsData: readsData, peer: peer.version, verdict: peer.verdict,
                detail: detail)
            try tx.insert(record)
            try tx.record(record.fact(by: actor))
            return record
        }
    }
}

extension CheckRecord {
    /// What the log is told.
    func fact(by actor: EntityReference) -> Fact {
        Fact(
            BackupFacts.checked, by: actor,
            [
                .init("repository", .string(repository.description)), .init("snapshots", .integer(snapshots)),
                .init("reads", .boolean(readsData)), .init("errors", .integer(errors)),
                .init("peer", .string(peer ?? "none")), .init("verdict", .string(verdict.rawValue)),
            ])
    }
}
