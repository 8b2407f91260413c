// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Collects sealed blobs in packs, and tells the index about each pack once it is durable.
///
/// Two packs of data are open at a time and chance decides which one takes a blob: by the lengths of blobs in a row somebody
/// who sees the packs could tell which files are in them (eprint 2025/532 and 2025/558).
actor PackWriter {
    /// About how long a pack becomes, in bytes.
    static let standardSize = 16 << 20

    private let place: any Place
    private let repository: Repository
    private let index: LoadedIndex
    private let size: Int
    private var data: [OpenPack?] = [nil, nil]
    private var tree: OpenPack?
    private var unwritten = IndexFile()
    private var lastIndex = ContinuousClock.now

    init(_ repository: Repository, _ index: LoadedIndex, size: Int = standardSize) {
        (place, self.repository, self.index, self.size) = (repository.place, repository, index, size)
    }

    /// Adds a blob in its stored form. A pack that is full is finished meanwhile, and others take what comes.
    func add(_ handle: BlobHandle, _ stored: [UInt8], uncompressedLength: UInt32) async throws {
        let blob = PackedBlob(
            handle, offset: 0, length: UInt32(stored.count), uncompressedLength: uncompressedLength)
        try await add([blob], stored)
    }

    /// Adds blobs in their stored forms, each where its offset says in `stored`.
    func add(_ blobs: [PackedBlob], _ stored: [UInt8]) async throws {
        var lists: [Int?: [PackedBlob]] = [:]
        for blob in blobs {
            guard blob.length < size else {
                let pack = OpenPack(place)
                _ = try await pack.add([blob], stored, upTo: size)
                try await finish(pack)
                continue
            }
            let slot = blob.handle.type == .data ? Int.random(in: 0..<data.count) : nil
            lists[slot, default: []].append(blob)
        }
        for (slot, list) in lists { try await add(list[...], stored, to: slot) }
    }

    private func add(_ list: ArraySlice<PackedBlob>, _ stored: [UInt8], to slot: Int?) async throws {
        var rest = list
        while !rest.isEmpty {
            let pack = open(slot) ?? OpenPack(place)
            set(pack, slot)
            let answer = try await pack.add(rest, stored, upTo: size)
            rest = rest.dropFirst(answer.taken)
            if answer.isClosed, open(slot) === pack { set(nil, slot) }
            if answer.isFull { try await finish(pack) }
        }
    }

    /// Makes everything durable that was added: packs first, then the index that names them.
    func flush() async throws {
        var left = data.compactMap { $0 }
        data = [nil, nil]
        // Two that are small become one, so that a single small file's parts are not told apart.
        if left.count == 2, await left[0].length + left[1].length < size,
            PackHeader.hasRoom(entries: await left[0].entries + left[1].entries)
        {
            try await left[0].absorb(left[1])
            left.removeLast()
        }
        if let tree { left.append(tree) }
        tree = nil
        for pack in left { try await finish(pack) }
        try await writeIndex()
    }

    private func open(_ slot: Int?) -> OpenPack? {
        slot.map { data[$0] } ?? tree
    }

    private func set(_ pack: OpenPack?, _ slot: Int?) {
        if let slot { data[slot] = pack } else { tree = pack }
    }

    private func finish(_ pack: OpenPack) async throws {
        let entry = try await pack.finish(repository)
        index.add(entry)
        unwritten.packs.append(entry)
        // What the index does not name yet is lost to the next run when this one is interrupted.
        let isDue = ContinuousClock.now - lastIndex > .seconds(600)
        if isDue || unwritten.blobCount >= IndexFile.blobLimit { try await writeIndex() }
    }

    private func writeIndex() async throws {
        guard !unwritten.packs.isEmpty else { return }
        let file = unwritten
        (unwritten, lastIndex) = (IndexFile(), .now)
        try await repository.save(file.json(), .index)
    }
}

/// A pack that is being filled. Packs are hashed and written side by side.
private actor OpenPack {
    private let place: any Place
    private var file: (any GrowingFile)?
    private var hash = SHA256Stream()
    private var blobs: [PackedBlob] = []
    private(set) var entries = 0
    private var isClosed = false
    private(set) var length = 0

    struct Answer {
        /// How many blobs were taken.
        var taken = 0
        /// Whether the last of them filled it: whoever hears this finishes the pack.
        var isFull = false
        /// Whether it takes nothing any more.
        var isClosed = false
    }

    init(_ place: any Place) {
        self.place = place
    }

    /// Takes blobs, until the pack has become as long as `size`.
    func add(_ blobs: ArraySlice<PackedBlob>, _ stored: [UInt8], upTo size: Int) async throws -> Answer {
        try await begin()
        var answer = Answer(isClosed: isClosed)
        var bytes: [UInt8] = []
        while !answer.isClosed, answer.taken < blobs.count {
            let blob = blobs[blobs.startIndex + answer.taken]
            let entry = PackedBlob(
                blob.handle, offset: UInt32(length + bytes.count), length: blob.length,
                uncompressedLength: blob.uncompressedLength)
            // One alone is written as it is, and not copied before.
            if blobs.count == 1, blob.length == stored.count {
                bytes = stored
            } else {
                bytes += stored[Int(blob.offset)..<blob.end]
            }
            self.blobs.append(entry)
            entries += entry.entryLength
            answer.taken += 1
            answer.isFull = length + bytes.count >= size || !PackHeader.hasRoom(entries: entries)
            answer.isClosed = answer.isFull
        }
        if answer.isFull { isClosed = true }
        if !bytes.isEmpty { try append(bytes) }
        return answer
    }

    /// Takes over what another holds.
    func absorb(_ other: OpenPack) async throws {
        let (bytes, blobs) = try await other.giveUp()
        _ = try await add(blobs[...], bytes, upTo: .max)
    }

    private func giveUp() throws -> ([UInt8], [PackedBlob]) {
        isClosed = true
        let bytes = try file?.written() ?? []
        file?.discard()
        return (bytes, blobs)
    }

    /// Ends it with its header, and makes it durable.
    func finish(_ repository: Repository) async throws -> IndexFile.PackEntry {
        isClosed = true
        var generator = SystemRandomNumberGenerator()
        var header: [UInt8] = []
        let sealer = try BlobSealer(repository.key, version: repository.config.version)
        try sealer.appendHeader(of: blobs, using: &generator, to: &header)
        try append(header)
        let id = hash.finish()
        try await file?.finish(as: id)
        return IndexFile.PackEntry(id, blobs)
    }

    private func begin() async throws {
        guard file == nil, !isClosed else { return }
        let made = try await place.begin(.data)
        // Making it waits, and meanwhile somebody else may have made it.
        if file == nil, !isClosed { file = made } else { made.discard() }
    }

    private func append(_ bytes: [UInt8]) throws {
        try file?.append(bytes)
        hash.update(bytes.span)
        length += bytes.count
    }
}
