// SPDX-License-Identifier: Apache-2.0

/// Keeps what was used last, up to a limit. What several ask for at a time is made once.
actor RecentlyUsed<Key: Hashable & Sendable, Value: Sendable> {
    private let limit: Int
    private let cost: @Sendable (Value) -> Int
    private var kept: [Key: Kept] = [:]
    /// What is being made, and who waits for it.
    private var underway: [Key: [CheckedContinuation<Void, Never>]] = [:]
    /// Uses in their order; only the last of each key counts.
    private var uses: [(turn: Int, key: Key)] = []
    private var oldest = 0
    private var turn = 0
    private var total = 0

    private struct Kept {
        let value: Value
        let cost: Int
        var turn: Int
    }

    /// - Parameters:
    ///   - limit: how much is kept; one value is kept whatever it costs.
    ///   - cost: of a value.
    init(limit: Int, cost: @escaping @Sendable (Value) -> Int) {
        (self.limit, self.cost) = (limit, cost)
    }

    /// The value of a key, made when it is not there.
    ///
    /// - Throws: what `make` throws; then nothing is kept.
    func value(_ key: Key, _ make: @escaping @Sendable () async throws -> Value) async throws -> Value {
        while true {
            if let found = kept[key] {
                use(key)
                return found.value
            }
            guard underway[key] != nil else { break }
            await withCheckedContinuation { underway[key]?.append($0) }
        }
        underway[key] = []
        // When it could not be made, the next who waits tries it.
        defer { for waiting in underway.removeValue(forKey: key) ?? [] { waiting.resume() } }
        let value = try await make()
        keep(value, key)
        return value
    }

    private func keep(_ value: Value, _ key: Key) {
        guard kept[key] == nil else { return }
        let cost = cost(value)
        total += cost
        kept[key] = Kept(value: value, cost: cost, turn: 0)
        use(key)
        while total > limit, kept.count > 1, let (turn, key) = uses[oldest...].first {
            oldest += 1
            guard let old = kept[key], old.turn == turn else { continue }
            kept[key] = nil
            total -= old.cost
        }
    }

    private func use(_ key: Key) {
        turn += 1
        kept[key]?.turn = turn
        uses.append((turn, key))
        guard uses.count > 2 * kept.count + 1_000 else { return }
        uses = uses[oldest...].filter { kept[$0.key]?.turn == $0.turn }
        oldest = 0
    }

    /// How much is kept.
    var size: Int { total }
}
