// SPDX-License-Identifier: Apache-2.0

import Kernel

/// Space that is given up when the store's disk is full, so that signing in and reading charts go on while import,
/// export and settings are refused.
package protocol EvidenceReserve: Sendable {
    /// What is full then, in words for the operator: "the disk of /var/lib/salus".
    var place: String { get }
    /// Its size in bytes.
    var size: Int64 { get }
    /// How it stands now, the same for all processes.
    func state() async throws -> ReserveState
    /// Gives the space back to the disk.
    ///
    /// - Returns: whether there was something to give up.
    @discardableResult
    func release() async throws -> Bool
    /// Makes the reserve where it is missing and there is twice the room for it; otherwise leaves nothing behind.
    ///
    /// - Throws: `Fault.storageFull` while there is no room, another `Fault` when it cannot be made at all.
    func restore() async throws
}

/// How a reserve stands.
package enum ReserveState: String, Sendable {
    /// The space is kept.
    case held
    /// The disk ran full and the space was given up.
    case released
    /// It was never made: the disk was full already, or nothing can be written there.
    case absent
}

extension EvidenceReserve {
    /// What is said while only the reserve is left.
    var full: Fault {
        Fault(.storageFull, "No space left on \(place); free some, then everything goes on.")
    }
}
