// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import ResticFormat
import Store

/// Repositories that people look into, opened once for some minutes: opening one costs half a second and its whole index.
actor OpenRepositories {
    private let house: House
    private var opened: [Identifier<StoredRepository>: Entry] = [:]

    private struct Entry {
        let blobs: BlobReader
        let since: ContinuousClock.Instant
    }

    /// How long one stays open, and how many do.
    private static let age = Duration.minutes(5)
    private static let limit = 3

    init(_ house: House) {
        self.house = house
    }

    /// Does `work` with a repository, on threads that may wait.
    ///
    /// - Throws: `Fault.notFound`, `Fault.unavailable` where it cannot be opened.
    func use<Value: Sendable>(
        _ id: Identifier<StoredRepository>, _ work: @escaping @Sendable (BlobReader) async throws -> Value
    ) async throws -> Value {
        let blobs = try await blobs(of: id)
        return try await BlockingThreads.two.run { try await BackupFault.worded { try await work(blobs) } }
    }

    private func blobs(of id: Identifier<StoredRepository>) async throws -> BlobReader {
        let now = ContinuousClock.now
        opened = opened.filter { now - $0.value.since < Self.age }
        if let entry = opened[id] { return entry.blobs }
        guard let repository = try await house.store.read({ tx in try tx.backupRepository(id) }) else {
            throw Fault(.notFound, "There is no such repository.")
        }
        let desk = try await RepositoryDesk(house)
        let blobs = try await BlockingThreads.two.run {
            try await BackupFault.worded {
                let opened = try await desk.open(repository)
                return BlobReader(repository: opened, index: try await LoadedIndex.load(opened).0)
            }
        }
        if opened.count >= Self.limit, let oldest = opened.min(by: { $0.value.since < $1.value.since })?.key {
            opened[oldest] = nil
        }
        opened[id] = Entry(blobs: blobs, since: now)
        return blobs
    }
}
