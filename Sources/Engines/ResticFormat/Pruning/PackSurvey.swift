// SPDX-License-Identifier: Apache-2.0

/// What is in each pack, and how much of it has to stay.
struct PackSurvey {
    /// By the pack's name: all that the index names.
    private(set) var states: [ObjectID: PackState] = [:]
    private(set) var counts = PruneCounts()

    init(_ index: BlobIndex, _ packs: [(id: ObjectID, length: Int)]) {
        for pack in index.packs { states[pack] = PackState(id: pack) }
        for pack in packs { states[pack.id]?.realLength = UInt64(clamping: pack.length) }
        index.visitAll { place in
            states[place.pack, default: PackState(id: place.pack)].add(place.blob)
        }
    }

    /// Chooses for each blob that is used one place where it stays.
    ///
    /// - Returns: the numbers of these entries.
    mutating func choose(from index: BlobIndex, _ used: BlobSet) throws(PruneError) -> BlobSet {
        var (kept, several) = (BlobSet(of: index), [Int]())
        var lost: Set<ObjectID> = []
        index.visitNumbered { number, place in
            guard used.contains(place.blob.handle, of: index) else { return }
            states[place.pack]?.wantedBlobs += 1
            let numbers = index.numbers(of: place.blob.handle)
            guard numbers.first == number else { return }
            let sound = numbers.filter { isTrue(\.isSound, index.place($0).pack) }
            if sound.isEmpty { lost.formUnion(numbers.map { index.place($0).pack }) }
            if sound.count == 1 { keep(sound[0], index, &kept) } else if sound.count > 1 { several.append(number) }
        }
        guard lost.isEmpty else { throw error(lost) }
        for number in several {
            let sound = index.numbers(of: index.place(number).blob.handle)
                .filter { isTrue(\.isSound, index.place($0).pack) }
            // In a pack of which everything is used, as an interrupted run leaves it; else where something stays anyway.
            let whole = sound.first { isTrue(\.isAllWanted, index.place($0).pack) }
            let other = sound.first { isTrue(\.isUsed, index.place($0).pack) }
            if let chosen = whole ?? other ?? sound.last { keep(chosen, index, &kept) }
        }
        count()
        return kept
    }

    private mutating func keep(_ number: Int, _ index: BlobIndex, _ kept: inout BlobSet) {
        guard kept.insert(number) else { return }
        let place = index.place(number)
        states[place.pack]?.use(place.blob)
    }

    private func isTrue(_ quality: KeyPath<PackState, Bool>, _ pack: ObjectID) -> Bool {
        states[pack]?[keyPath: quality] ?? false
    }

    private mutating func count() {
        for pack in states.values {
            counts.usedBlobs += pack.usedBlobs
            counts.usedBytes += pack.usedBytes
            counts.unusedBlobs += pack.blobs - pack.usedBlobs
            counts.unusedBytes += pack.unusedBytes
        }
    }

    private func error(_ lost: Set<ObjectID>) -> PruneError {
        let missing = lost.filter { states[$0]?.realLength == nil }.sorted()
        return missing.isEmpty ? .wrongLength(lost.sorted()) : .missing(missing)
    }
}

/// One pack.
struct PackState {
    let id: ObjectID
    /// Nil when it is not there.
    var realLength: UInt64?
    private(set) var blobs = 0
    /// Blobs that snapshots use, wherever else they lie.
    var wantedBlobs = 0
    /// Blobs of which this is the copy that stays.
    private(set) var usedBlobs = 0
    private(set) var bytes: UInt64 = 0
    private(set) var usedBytes: UInt64 = 0
    private(set) var holdsTrees = false
    private(set) var holdsData = false
    private(set) var holdsUncompressed = false
    private var header = UInt64(PackHeader.byteCount(of: []))

    init(id: ObjectID) {
        self.id = id
    }

    var unusedBytes: UInt64 { bytes - usedBytes }
    /// Of the whole pack, by the index.
    var length: UInt64 { bytes + header }
    /// Whether it is there and as long as the index says.
    var isSound: Bool { realLength == length }
    var isAllWanted: Bool { wantedBlobs == blobs }
    var isUsed: Bool { usedBlobs > 0 }
    var isMixed: Bool { holdsTrees && holdsData }
    var isData: Bool { !holdsTrees }

    mutating func add(_ blob: PackedBlob) {
        blobs += 1
        bytes += UInt64(blob.length)
        header += UInt64(blob.entryLength)
        if blob.handle.type == .tree { holdsTrees = true } else { holdsData = true }
        if blob.uncompressedLength == 0 { holdsUncompressed = true }
    }

    mutating func use(_ blob: PackedBlob) {
        usedBlobs += 1
        usedBytes += UInt64(blob.length)
    }
}
