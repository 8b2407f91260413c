// SPDX-License-Identifier: Apache-2.0

import ResticFormat
import Synchronization

/// What is known of a repository's blobs: what its index says, and what this program has added since.
final class LoadedIndex: Sendable {
    private let state = Mutex(State())

    private struct State {
        var index = BlobIndex()
        /// Blobs that are on their way into a pack: nobody stores them a second time.
        var underway: Set<BlobHandle> = []
    }

    /// Reads all files of the index.
    ///
    /// - Returns: it, and what could not be read: each line names a file.
    static func load(_ repository: Repository) async throws -> (index: LoadedIndex, flaws: [String]) {
        let loaded = LoadedIndex()
        var flaws: [String] = []
        let ids = try await repository.place.list(.index).map(\.id).sorted()
        try await repository.each(.index, ids, IndexFile.parse) { id, file in
            switch file {
            case .success(let file): loaded.state.withLock { $0.index.add(file) }
            case .failure(let error): flaws.append("index \(id.short): \(error)")
            }
        }
        return (loaded, flaws)
    }

    /// Whether the blob has to be stored by the one who asks; who does not store it after all calls ``giveUp(_:)``.
    func claim(_ handle: BlobHandle) -> Bool {
        state.withLock { state in
            guard !state.index.contains(handle) else { return false }
            return state.underway.insert(handle).inserted
        }
    }

    /// Takes back a claim that came to nothing.
    func giveUp(_ handle: BlobHandle) {
        state.withLock { _ = $0.underway.remove(handle) }
    }

    /// Adds a pack that is durable.
    func add(_ pack: IndexFile.PackEntry) {
        state.withLock { state in
            state.index.add(pack)
            for blob in pack.blobs { state.underway.remove(blob.handle) }
        }
    }

    func places(_ handle: BlobHandle) -> [BlobIndex.Place] {
        state.withLock { $0.index.places(handle) }
    }

    /// One place of each blob; nil for those that are not known.
    func first(of handles: some Sequence<BlobHandle>) -> [(handle: BlobHandle, place: BlobIndex.Place?)] {
        state.withLock { state in handles.map { ($0, state.index.first($0)) } }
    }

    func containsAll(_ handles: some Sequence<BlobHandle>) -> Bool {
        state.withLock { state in handles.allSatisfy { state.index.contains($0) } }
    }

    func contains(_ handle: BlobHandle) -> Bool {
        state.withLock { $0.index.contains(handle) }
    }

    /// A copy of everything.
    var all: BlobIndex { state.withLock { $0.index } }
}
