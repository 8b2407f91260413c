// SPDX-License-Identifier: Apache-2.0

import Kernel
package import TransparencyLog

/// Where the public form of the log is kept: files on one machine, rows where several share a database.
package protocol TileStore: Sendable {
    /// Runs `body` with a way to read tiles by path; a missing one throws `Fault.damaged`.
    ///
    /// Where a partial tile is gone because a fuller one replaced it meanwhile, the fuller one's beginning is read.
    func reading<T: Sendable>(_ body: @escaping @Sendable (@escaping TileReader) throws -> T) async throws -> T
    /// The bytes under a name: a tile's path, `checkpoint` or `vkey`; nil when there are none.
    func bytes(_ name: String) async throws -> [UInt8]?
    /// Writes tiles durably and reads them back.
    func write(_ files: [TileFile]) async throws
    /// Replaces `name` durably and at once: a reader sees the old bytes or the new ones.
    ///
    /// - Parameter old: what is there now, nil for nothing.
    /// - Throws: `Fault.conflict` when something else is there.
    func replace(_ name: String, _ bytes: [UInt8], expecting old: [UInt8]?) async throws
    /// Removes tiles that fuller ones have replaced.
    func remove(_ paths: [TilePath]) async throws
    /// Every name that is kept, sorted.
    func names() async throws -> [String]
}

/// The name of the newest checkpoint beside the tiles.
package let checkpointName = "checkpoint"
/// The name of the public key that verifies the log's checkpoints.
package let verifierKeyName = "vkey"

/// Says that `name` was replaced by somebody else, who therefore holds the sequencer's lock.
func replacedMeanwhile(_ name: String) -> Fault {
    Fault(.conflict, "\(name) of the log was replaced by another process meanwhile.")
}
