// SPDX-License-Identifier: Apache-2.0

import Codecs
package import Kernel
package import Store

extension Transaction {
    /// Records that something happened, in the same transaction as the act itself: both are durable, or neither is.
    ///
    /// - Returns: the id of the leaf, by which the log will find it once it is sequenced.
    /// - Throws: `Fault.internal` when the fact does not fit into a leaf, and what the store throws.
    @discardableResult
    package func record(_ fact: Fact) throws -> Identifier<Kernel.Leaf> {
        let leaf = Leaf(recording == nil ? fact : fact.told(at: now), id: orderedIdentifier(), at: recording ?? now)
        try execute(
            "INSERT INTO ledger_pending (id, leaf) VALUES (?, ?)",
            [.bytes(leaf.id.bytes), .bytes(try leaf.encoded())])
        return leaf.id
    }
}

extension Fact {
    /// The fact as one of an invented past: it says when it is said to have happened, and that it is invented.
    fileprivate func told(at moment: Instant) -> Fact {
        Fact(kind, by: actor, on: on, effective: effective ?? moment, data + [.init("synthetic", true)])
    }
}
