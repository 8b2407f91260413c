// SPDX-License-Identifier: Apache-2.0

/// How much work is left.
struct Steps {
    private(set) var left: Int

    /// What it costs to put an error into words, which is done for every kind of request.
    static let perReport = 20
    /// What it costs to keep an error, so that there are never too many to hold.
    static let perError = 1_000

    init(limit: Int) {
        left = limit
    }

    /// There was more to do than the limit allows.
    struct Exhausted: Error {}

    mutating func spend(_ count: Int) throws(Exhausted) {
        guard count <= left else { throw Exhausted() }
        left -= count
    }

    /// For looking at a text: a long one is more work.
    mutating func spend(_ text: Text) throws(Exhausted) {
        try spend(1 + text.utf8.count / 64)
    }
}
