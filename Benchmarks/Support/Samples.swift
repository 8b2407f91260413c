// SPDX-License-Identifier: Apache-2.0

/// How long each of many acts took.
package struct Samples: Sendable {
    private let sorted: [Duration]

    /// Of these durations, in any order.
    package init(_ durations: [Duration]) {
        sorted = durations.sorted()
    }

    /// How many.
    package var count: Int { sorted.count }

    /// The duration that `share` (0…1) of the acts did not exceed; zero when there were none.
    package func percentile(_ share: Double) -> Duration {
        guard !sorted.isEmpty else { return .zero }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}

extension Sequence<Double> {
    /// The one in the middle, or the mean of the two there; NaN of nothing.
    package var median: Double {
        let sorted = sorted()
        guard !sorted.isEmpty else { return .nan }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

extension Duration {
    /// In seconds, for arithmetic.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }

    /// In milliseconds, for arithmetic.
    package var milliseconds: Double { seconds * 1e3 }
}

/// How long `work` takes.
package func timed<Value>(_ work: () async throws -> Value) async rethrows -> (value: Value, duration: Duration) {
    let start = ContinuousClock.now
    let value = try await work()
    return (value, ContinuousClock.now - start)
}
