// SPDX-License-Identifier: Apache-2.0

/// Which packs of a repository go and which are packed anew, so that what snapshots use stays and most of the rest goes
/// (restic design, "Pruning").
///
/// It is computed from what the index says, from the packs that are there, and from the blobs that are used; nothing is read.
public struct PrunePlan: Sendable {
    /// Packs that no index names: what an interrupted backup left. They may go before anything else.
    public private(set) var unindexed: [ObjectID] = []
    /// Packs with the blobs in them that have to be stored anew, by their place, before the pack goes.
    public private(set) var repacked: [(pack: ObjectID, kept: [PackedBlob])] = []
    /// Packs in which nothing is used.
    public private(set) var unused: [ObjectID] = []
    /// Packs that the index names, that are not there, and that nobody needs.
    public private(set) var absent: [ObjectID] = []
    /// What it comes to.
    public private(set) var counts = PruneCounts()

    /// All packs that the index must not name any more when they go.
    public var removed: Set<ObjectID> {
        Set(unused).union(absent).union(repacked.map(\.pack))
    }

    /// - Parameters:
    ///   - index: of the whole repository.
    ///   - used: the blobs that snapshots use; all are in `index`.
    ///   - packs: what is there, with lengths in bytes.
    /// - Throws: `PruneError` when a blob that is used lies in no pack that is whole: then nothing may go.
    public init(
        index: BlobIndex, used: BlobSet, packs: [(id: ObjectID, length: Int)], version: RepositoryVersion,
        options: PruneOptions
    ) throws(PruneError) {
        var survey = PackSurvey(index, packs)
        let kept = try survey.choose(from: index, used)
        unindexed = packs.map(\.id).filter { !index.containsPack($0) }.sorted()
        counts = survey.counts
        for pack in packs where !index.containsPack(pack.id) {
            counts.unindexedBytes += UInt64(clamping: pack.length)
        }
        var candidates = RepackCandidates(survey, version: version, options)
        for pack in survey.states.values.sorted(by: { $0.id < $1.id }) {
            if pack.usedBlobs > 0 {
                candidates.consider(pack)
            } else {
                if pack.realLength == nil { absent.append(pack.id) } else { unused.append(pack.id) }
                counts.removedBlobs += pack.blobs
                counts.removedBytes += pack.unusedBytes
            }
        }
        let chosen = candidates.choose(&counts)
        repacked = Self.blobs(of: chosen, kept, index)
        counts.packs = packs.count
        (counts.unusedPacks, counts.repackedPacks) = (unused.count, repacked.count)
    }

    private static func blobs(
        of packs: [ObjectID], _ kept: BlobSet, _ index: BlobIndex
    ) -> [(pack: ObjectID, kept: [PackedBlob])] {
        var blobs = Dictionary(uniqueKeysWithValues: packs.map { ($0, [PackedBlob]()) })
        index.visitNumbered { number, place in
            guard kept.contains(number), blobs[place.pack] != nil else { return }
            blobs[place.pack]?.append(place.blob)
        }
        return packs.map { pack in (pack, (blobs[pack] ?? []).sorted { $0.offset < $1.offset }) }
    }
}

/// What a plan comes to; bytes are those of sealed blobs, without headers.
public struct PruneCounts: Equatable, Sendable {
    /// Blobs that stay because they are used.
    public var usedBlobs = 0
    /// Their bytes.
    public var usedBytes: UInt64 = 0
    /// Blobs that nobody needs, second copies among them.
    public var unusedBlobs = 0
    /// Their bytes.
    public var unusedBytes: UInt64 = 0
    /// Bytes of packs that no index names.
    public var unindexedBytes: UInt64 = 0
    /// Blobs that go with their packs.
    public var removedBlobs = 0
    /// Their bytes.
    public var removedBytes: UInt64 = 0
    /// Blobs in packs that are packed anew.
    public var repackedBlobs = 0
    /// Their bytes.
    public var repackedBytes: UInt64 = 0
    /// Of these, blobs that are left out.
    public var droppedBlobs = 0
    /// Their bytes.
    public var droppedBytes: UInt64 = 0
    /// Packs that are there.
    public var packs = 0
    /// Packs in which nothing is used.
    public var unusedPacks = 0
    /// Packs that are packed anew.
    public var repackedPacks = 0

    /// Bytes that are freed.
    public var freedBytes: UInt64 { unindexedBytes + removedBytes + droppedBytes }
    /// Bytes that nobody needs and that stay all the same.
    public var leftUnusedBytes: UInt64 { unusedBytes - removedBytes - droppedBytes }
}

/// Why nothing may be taken out of a repository.
public enum PruneError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Packs that are needed and not there.
    case missing([ObjectID])
    /// Packs that are needed and not as long as the index says.
    case wrongLength([ObjectID])

    /// One plain line.
    public var description: String {
        switch self {
        case .missing(let packs): "packs that are needed are missing: \(Self.names(packs)); nothing was deleted"
        case .wrongLength(let packs):
            "packs that are needed are not as long as the index says: \(Self.names(packs)); nothing was deleted"
        }
    }

    private static func names(_ packs: [ObjectID]) -> String {
        packs.prefix(20).map(\.short).joined(separator: ", ")
            + (packs.count > 20 ? " and \(packs.count - 20) more" : "")
    }
}
