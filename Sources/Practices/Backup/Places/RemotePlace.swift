// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// A place on another machine: what grows grows in memory here, and is sent when it is whole.
protocol RemotePlace: Place {
    /// Sends a file that is not there; it is durable when this returns.
    func send(_ file: RepositoryFile, _ bytes: [UInt8]) async throws
}

extension RemotePlace {
    func write(_ file: RepositoryFile, _ bytes: [UInt8]) async throws {
        if let length = try await length(of: file) {
            guard file.kind != .config, length != bytes.count else { return }
            // A name is the hash of what it names: what is shorter or longer was left by a connection that broke.
            try await remove(file)
        }
        try await send(file, bytes)
    }

    nonisolated(nonsending) func begin(_ kind: FileKind) async throws -> any GrowingFile {
        BufferedFile(self, kind)
    }
}

/// A file in memory until it is whole: a pack, or less.
final class BufferedFile: GrowingFile {
    private let place: any Place
    private let kind: FileKind
    private var bytes: [UInt8] = []

    init(_ place: any Place, _ kind: FileKind) {
        (self.place, self.kind) = (place, kind)
    }

    func append(_ bytes: [UInt8]) {
        self.bytes += bytes
    }

    func written() -> [UInt8] {
        bytes
    }

    nonisolated(nonsending) func finish(as id: ObjectID) async throws {
        let whole = bytes
        bytes = []
        try await place.write(RepositoryFile(kind, id), whole)
    }

    func discard() {
        bytes = []
    }
}
