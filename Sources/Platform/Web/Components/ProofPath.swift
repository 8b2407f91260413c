// SPDX-License-Identifier: Apache-2.0

/// An inclusion proof of the log, from the leaf to the root (RFC 9162, 2.1.3).
package struct ProofPath: Component {
    /// The hash of the leaf.
    package var leafHash: String
    /// The hashes beside the way up, lowest first, and on which side each stands.
    package var siblings: [Sibling]
    /// The root that results.
    package var rootHash: String
    /// Whether it is the root that was signed.
    package var state: StatusChip.State

    /// A hash beside the way up.
    package struct Sibling: Sendable {
        var hash: String
        var isLeft: Bool

        /// A hash, and whether it stands on the left.
        package init(hash: String, isLeft: Bool) {
            self.hash = hash
            self.isLeft = isLeft
        }
    }

    /// An inclusion proof of the log.
    package init(leafHash: String, siblings: [Sibling], rootHash: String, state: StatusChip.State) {
        self.leafHash = leafHash
        self.siblings = siblings
        self.rootHash = rootHash
        self.state = state
    }

    /// The way up, one line a level.
    package var html: HTML {
        let steps: [HTML] = siblings.map { sibling in
            let side: HTML = sibling.isLeft ? "from the left" : "from the right"
            return "<li><span>with</span>\(HashText(sibling.hash, length: 24))<span class=\"note\">\(side)</span></li>"
        }
        let word = state == .met ? "Proof holds" : nil
        return """
            <ol class="proof-path"><li><span>Leaf</span>\(HashText(leafHash, length: 24))</li>\(steps)\
            <li><span>Root</span>\(HashText(rootHash, length: 24))\(StatusChip(state, word: word))</li></ol>
            """
    }
}
