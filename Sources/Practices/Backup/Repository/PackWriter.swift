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
        guard stored.count < size else {
            let pack = OpenPack(place)
            _ = try await pack.add(handle, stored, uncompressedLength, upTo: size)
            return try await finish(pack)
        }
        while true {
            let slot = handle.type == .data ? Int.random(in: 0..<data.count) : nil
            let pack = open(slot) ?? OpenPack(place)
            set(pack, slot)
            let answer = try await pack.add(handle, stored, uncompressedLength, upTo: size)
            if answer != .taken, open(slot) === pack { set(nil, slot) }
            switch answer {
            case .taken: return
            case .full: return try await finish(pack)
            case .closed: continue
            }
        }
    }

    /// Makes everything durable that was added: packs first, then the index that names them.
    func flush() async throws {
        var left = data.compactMap { $0 }
        data = [nil, nil]
        // Two that are small become one, so that a single small file's parts are not told apart.
        if left.count == 2, await left[0].length + left[1].length < size {
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
    private var entries = 0
    private var isClosed = false
    private(set) var length = 0

    enum Answer {
        case taken
        /// Taken, and nothing else is: whoever hears this finishes the pack.
        case full
        /// Not taken.
        case closed
    }

    init(_ place: any Place) {
        self.place = place
    }

    /// Takes a blob; as the last one where the pack has become as long as `size`.
    func add(
        _ handle: BlobHandle, _ stored: [UInt8], _ uncompressedLength: UInt32, upTo size: Int
    ) async throws -> Answer {
        try await begin()
        guard !isClosed else { return .closed }
        let blob = PackedBlob(
            handle, offset: UInt32(length), length: UInt32(stored.count), uncompressedLength: uncompressedLength)
        try append(stored)
        blobs.append(blob)
        entries += blob.entryLength
        guard length >= size || !PackHeader.hasRoom(entries: entries) else { return .taken }
        isClosed = true
        return .full
    }

    /// Takes over what another holds.
    func absorb(_ other: OpenPack) async throws {
        let (bytes, blobs) = try await other.giveUp()
        for blob in blobs {
            _ = try await add(
                blob.handle, Array(bytes[Int(blob.offset)..<blob.end]), blob.uncompressedLength, upTo: .max)
        }
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
