// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// The snapshots of a mounted repository as they are now: looked at anew when somebody asks a minute later.
actor MountedSnapshots {
    private let repository: Repository
    private let filter: SnapshotFilter
    private let complaints: Complaints
    private var known: [ObjectID]
    private var looked = ContinuousClock.now
    private(set) var layout: MountLayout
    private(set) var blobs: BlobReader

    static let age = Duration.seconds(60)

    init(_ reading: SnapshotReading, _ filter: SnapshotFilter, _ complaints: Complaints) {
        (repository, blobs) = (reading.blobs.repository, reading.blobs)
        (self.filter, self.complaints) = (filter, complaints)
        let entries = reading.snapshots.select([], filter).entries
        known = entries.map(\.id)
        layout = MountLayout(entries)
    }

    /// The folders above the snapshots. Where the repository cannot be reached, they are as they were.
    func current() async -> MountLayout {
        guard ContinuousClock.now - looked >= Self.age else { return layout }
        looked = .now
        do {
            let entries = try await SnapshotList.load(repository).select([], filter).entries
            guard entries.map(\.id) != known else { return layout }
            // Before anybody sees a new snapshot, its blobs have to be known.
            let (index, flaws) = try await LoadedIndex.load(repository)
            for flaw in flaws { complaints.add(flaw) }
            blobs = BlobReader(repository: repository, index: index)
            known = entries.map(\.id)
            layout = MountLayout(entries)
        } catch {
            complaints.add("\(error)")
        }
        return layout
    }
}
