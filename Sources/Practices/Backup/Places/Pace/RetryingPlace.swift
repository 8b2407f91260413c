// SPDX-License-Identifier: Apache-2.0

import ResticFormat
import Synchronization

/// A place that does again what failed by a connection or a server that was busy. A definite answer is passed on at once.
final class RetryingPlace: Place {
    private let place: any Place
    private let backoff: Backoff
    /// Is told what failed and that it is tried again.
    private let notice: @Sendable (String) -> Void
    private let hasWorked = Atomic(false)

    init(_ place: any Place, _ backoff: Backoff = Backoff(), notice: @escaping @Sendable (String) -> Void) {
        (self.place, self.backoff, self.notice) = (place, backoff, notice)
    }

    var name: String { place.name }

    func prepare() async throws {
        try await retrying { try await $0.prepare() }
    }

    func list(_ kind: FileKind) async throws -> [(id: ObjectID, length: Int)] {
        try await retrying { try await $0.list(kind) }
    }

    func length(of file: RepositoryFile) async throws -> Int? {
        try await retrying { try await $0.length(of: file) }
    }

    func read(_ file: RepositoryFile, _ range: Range<Int>?) async throws -> [UInt8]? {
        try await retrying { try await $0.read(file, range) }
    }

    func write(_ file: RepositoryFile, _ bytes: [UInt8]) async throws {
        try await retrying { try await $0.write(file, bytes) }
    }

    func remove(_ file: RepositoryFile) async throws {
        try await retrying { try await $0.remove(file) }
    }

    func canDelete() async throws -> Bool? {
        try await retrying { try await $0.canDelete() }
    }

    /// It grows here, so that all of it can be sent again.
    nonisolated(nonsending) func begin(_ kind: FileKind) async throws -> any GrowingFile {
        BufferedFile(self, kind)
    }

    private func retrying<Value>(_ work: (any Place) async throws -> Value) async throws -> Value {
        let start = ContinuousClock.now
        var failures = 0
        while true {
            try Task.checkCancellation()
            do {
                let value = try await work(place)
                hasWorked.store(true, ordering: .relaxed)
                return value
            } catch let error as PlaceError where error.isTransient {
                failures += 1
                let wait = backoff.wait(
                    after: failures, elapsed: ContinuousClock.now - start, chance: .random(in: 0..<1),
                    hasWorked: hasWorked.load(ordering: .relaxed))
                guard let wait else { throw error }
                notice("\(name): \(error); trying again")
                try await Task.sleep(for: wait)
            }
        }
    }
}
