// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// The kinds of file that a repository consists of.
enum FileKind: String, CaseIterable, Sendable {
    case config
    case keys
    case locks
    case snapshots
    case index
    case data
}

/// One file of a repository.
struct RepositoryFile: Hashable, Sendable, CustomStringConvertible {
    let kind: FileKind
    /// Nil for the config, of which there is one.
    let id: ObjectID?

    static let config = RepositoryFile(kind: .config, id: nil)

    init(_ kind: FileKind, _ id: ObjectID) {
        (self.kind, self.id) = (kind, id)
    }

    private init(kind: FileKind, id: ObjectID?) {
        (self.kind, self.id) = (kind, id)
    }

    var description: String { id.map { "\(kind.rawValue)/\($0.short)" } ?? kind.rawValue }
}

/// Where the files of a repository are: a folder, another machine, a bucket.
///
/// Every file is written once, whole, and then durable; nothing is ever changed in place.
protocol Place: Sendable {
    /// How it is named to people; holds no password.
    var name: String { get }

    /// How long it may take until everybody sees a file that was written.
    var settling: Duration { get }

    /// Makes what has to be there before the first file. Done twice it is the same as once.
    func prepare() async throws

    /// All files of a kind with their lengths, in no order. What is not named like one is left out.
    func list(_ kind: FileKind) async throws -> [(id: ObjectID, length: Int)]

    /// The length of a file; nil when it is not there.
    func length(of file: RepositoryFile) async throws -> Int?

    /// Bytes of a file; nil when it is not there.
    ///
    /// - Parameter range: nil for all of it. Fewer bytes than asked for are an error.
    func read(_ file: RepositoryFile, _ range: Range<Int>?) async throws -> [UInt8]?

    /// Writes a file, durable when this returns. One that is there already stays as it is.
    func write(_ file: RepositoryFile, _ bytes: [UInt8]) async throws

    /// Begins a file whose name is only known at its end.
    nonisolated(nonsending) func begin(_ kind: FileKind) async throws -> any GrowingFile

    /// Deletes a file. One that is not there is deleted already.
    func remove(_ file: RepositoryFile) async throws

    /// Deletes files so that none is back after a power cut: what depends on their being gone may follow.
    func remove(_ files: [RepositoryFile]) async throws

    /// Whether whoever writes here could also delete what is here: an intruder with the backup's credentials would. Nothing
    /// that matters is deleted to find out.
    ///
    /// - Returns: nil where that cannot be told.
    func canDelete() async throws -> Bool?
}

extension Place {
    /// Folders that take new files let go of old ones.
    func canDelete() async throws -> Bool? { true }

    /// What restic waits for any place.
    var settling: Duration { .milliseconds(200) }

    func remove(_ files: [RepositoryFile]) async throws {
        for file in files { try await remove(file) }
    }
}

/// A file that is being written, on this machine until it is whole.
protocol GrowingFile: AnyObject {
    /// Appends bytes.
    func append(_ bytes: [UInt8]) throws

    /// What was appended.
    func written() throws -> [UInt8]

    /// Makes it durable in its place, under its name.
    nonisolated(nonsending) func finish(as id: ObjectID) async throws

    /// Leaves nothing of it.
    func discard()
}
