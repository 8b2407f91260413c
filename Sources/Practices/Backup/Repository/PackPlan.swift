// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// Which blobs are read from which packs, so that each pack is read from its beginning to its end.
struct PackPlan: Sendable {
    /// In the order in which the first blob of each was asked for; the blobs by their place in the pack.
    private(set) var packs: [(pack: ObjectID, blobs: [PackedBlob])] = []
    /// What the index does not know.
    private(set) var unknown: [BlobHandle] = []

    /// - Parameter handles: each once.
    init(_ handles: some Sequence<BlobHandle>, _ index: LoadedIndex) {
        var numbers: [ObjectID: Int] = [:]
        for (handle, place) in index.first(of: handles) {
            guard let place else {
                unknown.append(handle)
                continue
            }
            let number = numbers[place.pack] ?? packs.count
            if number == packs.count {
                numbers[place.pack] = number
                packs.append((place.pack, []))
            }
            packs[number].blobs.append(place.blob)
        }
        for number in packs.indices { packs[number].blobs.sort { $0.offset < $1.offset } }
    }
}

extension BlobReader {
    /// Gives the contents of blobs of one pack, which are read in few pieces. Where one does not open, its other places are
    /// tried.
    ///
    /// - Parameters:
    ///   - blobs: by their place in the pack.
    ///   - body: is told of each blob and of where its content stands, or why it has none.
    /// - Throws: `PlaceError` where the whole place cannot be reached, and what `body` throws.
    func each(
        _ blobs: [PackedBlob], in pack: ObjectID, piece: Int,
        _ body: (BlobHandle, Result<ArraySlice<UInt8>, any Error>) async throws -> Void
    ) async throws {
        var done: Set<BlobHandle> = []
        do {
            try await PackReader(repository: repository, piece: piece).pieces(blobs, in: pack) { read in
                let opened = try openers.open(read)
                for (blob, place) in zip(read.blobs, opened.places) {
                    try Task.checkCancellation()
                    done.insert(blob.handle)
                    if case .success(let range) = place {
                        try await body(blob.handle, .success(opened.content[range]))
                    } else {
                        try await elsewhere(blob.handle, body)
                    }
                }
            }
        } catch let error where Self.isOfPack(error) {
            for blob in blobs where !done.contains(blob.handle) { try await elsewhere(blob.handle, body) }
        }
    }

    /// Whether the pack is missing, too short or cannot be read, while others may be whole.
    private static func isOfPack(_ error: any Error) -> Bool {
        (error as? PlaceError).map { !$0.isOfWholePlace } ?? (error is BlobError)
    }

    private func elsewhere(
        _ handle: BlobHandle, _ body: (BlobHandle, Result<ArraySlice<UInt8>, any Error>) async throws -> Void
    ) async throws {
        let content: Result<ArraySlice<UInt8>, any Error>
        do {
            content = .success(try await self.content(handle)[...])
        } catch let error where error is BlobError {
            content = .failure(error)
        }
        try await body(handle, content)
    }
}
