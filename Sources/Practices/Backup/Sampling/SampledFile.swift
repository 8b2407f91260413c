// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kernel
import Keyring
import ResticFormat

/// A file that chance chose, with the hash of what it held when it was backed up.
///
/// The hash is taken from the source by another reader than the backup's own: a drill compares with it, and not with what
/// the repository says of itself.
struct SampledFile: Sendable, Codable, Equatable {
    /// The names from the root on.
    let path: [[UInt8]]
    let size: UInt64
    let modifiedSeconds: Int64
    let modifiedNanoseconds: UInt32
    let changedSeconds: Int64
    let changedNanoseconds: UInt32
    /// SHA-256 of the content.
    let digest: [UInt8]

    /// A file of a snapshot with its hash.
    init(_ node: Node, _ path: [[UInt8]], _ digest: ObjectID) {
        (self.path, size, self.digest) = (path, node.size, digest.bytes)
        (modifiedSeconds, modifiedNanoseconds) = (node.modified.seconds, node.modified.nanoseconds)
        (changedSeconds, changedNanoseconds) = (node.changed.seconds, node.changed.nanoseconds)
    }

    /// Whether the file is still the one that was hashed, by what the file system says of it.
    func isSame(as node: Node) -> Bool {
        size == node.size && modifiedSeconds == node.modified.seconds
            && modifiedNanoseconds == node.modified.nanoseconds && changedSeconds == node.changed.seconds
            && changedNanoseconds == node.changed.nanoseconds
    }
}

/// What a run recorded: the files of the sample, and from how many they were chosen.
struct FileSample: Sendable, Codable, Equatable {
    /// How many files the snapshot holds.
    var population: Int64 = 0
    var files: [SampledFile] = []
    /// Files that were chosen and changed before they could be hashed: nothing is known of them.
    var missed: Int64 = 0
    /// Files that could not be read at all, which are in no sample.
    var unread: Int64 = 0

    private static let kind = "backup-hashes"

    func sealed(with key: OpenKey, _ run: Identifier<RunRecord>) throws -> [UInt8] {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        return try key.seal(Array(try encoder.encode(self)), SealingContext(kind: Self.kind, id: run.bytes))
    }

    static func open(_ sealed: [UInt8], with key: OpenKey, _ run: Identifier<RunRecord>) throws -> FileSample {
        let bytes = try key.open(sealed, SealingContext(kind: kind, id: run.bytes))
        do {
            return try PropertyListDecoder().decode(FileSample.self, from: Data(bytes))
        } catch {
            throw Fault(.damaged, "The hashes that a backup recorded cannot be read: they are of another version.")
        }
    }
}
