// SPDX-License-Identifier: Apache-2.0

import ResticFormat

/// What a snapshot is made of.
protocol SnapshotSource: Sendable {
    /// The absolute paths that the snapshot names; parents are found by them.
    var paths: [String] { get }

    /// Those of them that are on this machine, to be counted before.
    var pathsHere: [String] { get }

    /// Saves everything; the tree that begins at the root.
    ///
    /// - Parameter previous: the text of the parent snapshot's root; nothing without a parent.
    func save(_ archiver: Archiver, previous: TreeText) async throws -> ObjectID
}

extension SnapshotSource {
    var pathsHere: [String] { paths }
}
