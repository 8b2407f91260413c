// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import ResticFormat

/// The snapshots that the evidence log knows of: whoever deletes one in its repository, and the store's row of it, cannot
/// delete it there.
struct ToldSnapshots: Sendable {
    /// By repository.
    private(set) var snapshots: [String: [Told]] = [:]

    struct Told: Sendable, Hashable {
        let snapshot: ObjectID
        let job: Identifier<BackupJob>
        let run: Identifier<RunRecord>
        let at: Instant
    }

    /// Reads them in the log.
    static func read(_ house: House) async throws -> ToldSnapshots {
        var told = ToldSnapshots()
        for kind in [BackupFacts.ran, BackupFacts.copied, BackupFacts.forgotten] {
            var query = LeafQuery(limit: 256)
            query.kind = kind.id
            while true {
                let leaves = try await house.ledger.leaves(query)
                for leaf in leaves { kind == BackupFacts.forgotten ? told.drop(leaf.leaf) : told.take(leaf.leaf) }
                guard leaves.count == 256, let last = leaves.last else { break }
                query.before = last.position
            }
        }
        return told
    }

    /// Snapshots of one name are the same, so what was made again after it was deleted is not missed either.
    private mutating func drop(_ leaf: Ledger.Leaf) {
        guard let repository = leaf.data["repository"]?.stringValue else { return }
        let names = Set(
            (leaf.data["snapshots"]?.arrayValue ?? []).compactMap { $0.stringValue.flatMap { ObjectID($0) } })
        snapshots[repository]?.removeAll { names.contains($0.snapshot) }
    }

    private mutating func take(_ leaf: Ledger.Leaf) {
        guard let repository = leaf.data["repository"]?.stringValue,
            let snapshot = leaf.data["snapshot"]?.stringValue.flatMap({ ObjectID($0) }),
            let job = leaf.data["job"]?.stringValue.flatMap({ Identifier<BackupJob>($0) }),
            let run = leaf.data["run"]?.stringValue.flatMap({ Identifier<RunRecord>($0) })
        else { return }
        snapshots[repository, default: []].append(Told(snapshot: snapshot, job: job, run: run, at: leaf.happened))
    }
}
