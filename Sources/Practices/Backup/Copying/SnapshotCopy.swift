// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Copies snapshots from one repository into another: what the other has already is not stored again.
struct SnapshotCopy: Sendable {
    let source: Repository
    let target: Repository
    var steps = Steps()

    /// Packs that are read at a time.
    private static let underway = 2

    /// What became of a snapshot.
    enum Outcome: Equatable, Sendable {
        case copied(ObjectID, as: ObjectID)
        /// The other has it under this name.
        case known(ObjectID, as: ObjectID)
    }

    /// Copies them one after another, each whole before the next begins.
    ///
    /// - Throws: `RepositoryError.damaged`, `BlobError`: what cannot be read is not copied.
    func copy(_ entries: [SnapshotList.Entry], _ tell: (Outcome) -> Void) async throws {
        let known = try await SnapshotList.load(target)
        let (index, flaws) = try await LoadedIndex.load(source)
        let (targetIndex, targetFlaws) = try await LoadedIndex.load(target)
        guard flaws.isEmpty, targetFlaws.isEmpty, known.flaws.isEmpty else {
            throw RepositoryError.damaged(known.flaws + flaws + targetFlaws)
        }
        let blobs = BlobReader(repository: source, index: index)
        let store = try BlobStore(target, targetIndex)
        var seen: Set<ObjectID> = []
        for entry in entries {
            if let copy = Self.copy(of: entry, in: known) {
                tell(.known(entry.id, as: copy))
                continue
            }
            try await copyBlobs(below: entry.snapshot.tree, blobs, store, &seen)
            try await store.flush()
            var snapshot = entry.snapshot
            (snapshot.original, snapshot.parent) = (snapshot.original ?? entry.id, nil)
            try Task.checkCancellation()
            tell(.copied(entry.id, as: try await target.save(snapshot.json(), .snapshots)))
        }
    }

    private static func copy(of entry: SnapshotList.Entry, in known: SnapshotList) -> ObjectID? {
        let original = entry.snapshot.original ?? entry.id
        return known.snapshots.first { other in
            (other.id == original || other.snapshot.original == original)
                && isSame(other.snapshot, entry.snapshot)
        }?.id
    }

    /// Whether two are the same but for where they come from.
    private static func isSame(_ one: Snapshot, _ other: Snapshot) -> Bool {
        let bytes = { (texts: [String]) in texts.map { Array($0.utf8) } }
        let sorted = { (texts: [String]) in bytes(texts).sorted { $0.lexicographicallyPrecedes($1) } }
        return one.time.isSameMoment(as: other.time) && one.tree == other.tree
            && one.uid == other.uid && one.gid == other.gid
            && bytes([one.hostname, one.username]) == bytes([other.hostname, other.username])
            && sorted(one.paths) == sorted(other.paths) && sorted(one.tags) == sorted(other.tags)
            && bytes(one.excludes) == bytes(other.excludes)
    }

    private func copyBlobs(
        below root: ObjectID, _ blobs: BlobReader, _ store: BlobStore, _ seen: inout Set<ObjectID>
    ) async throws {
        let all = blobs.index.all
        var (wanted, packs) = (BlobSet(of: all), [ObjectID: [PackedBlob]]())
        try await TreeSweep(blobs: blobs).each(below: [root], besides: &seen) { tree, result in
            func want(_ handle: BlobHandle) throws {
                guard let place = all.first(handle) else { throw BlobError.unknown(handle) }
                guard !store.index.contains(handle), wanted.insert(handle, of: all) == true else { return }
                packs[place.pack, default: []].append(place.blob)
            }
            try want(BlobHandle(.tree, tree))
            try result.get().each { node in
                for handle in node.parts { try want(handle) }
            }
        }
        let lists = packs.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sorted { $0.offset < $1.offset }) }
        try await steps.step("Copying packs", total: lists.count) { step in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, (pack, list)) in lists.enumerated() {
                    if number >= Self.underway { try await group.next() }
                    group.addTask {
                        try await move(list, of: pack, blobs, store)
                        step.advance()
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private func move(
        _ list: [PackedBlob], of pack: ObjectID, _ blobs: BlobReader, _ store: BlobStore
    ) async throws {
        var opened: [BlobHandle] = []
        do {
            try await PackReader(repository: source).each(list, in: pack) { blob, stored in
                var sealer = try BlobSealer(source.key, version: source.config.version)
                switch blob.handle.type {
                case .data: _ = try await store.store(try sealer.open(stored.span, blob), .data)
                case .tree: _ = try await store.store(try sealer.text(of: stored, blob))
                }
                opened.append(blob.handle)
            }
        } catch let error where error is FormatError || error is BlobError {
            // Another pack may have it undamaged.
            for blob in list where !opened.contains(blob.handle) {
                switch blob.handle.type {
                case .data: _ = try await store.store(try await blobs.content(blob.handle), .data)
                case .tree: _ = try await store.store(try await blobs.text(of: blob.handle.id))
                }
            }
        }
    }
}
