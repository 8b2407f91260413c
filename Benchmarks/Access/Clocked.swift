// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport

/// Times single acts, the reading of the clock included.
enum Clocked {
    /// How long each took.
    static func each<Element>(_ elements: [Element], _ act: (Element) throws -> Void) rethrows -> Samples {
        var durations: [Duration] = []
        durations.reserveCapacity(elements.count)
        for element in elements {
            let start = ContinuousClock.now
            try act(element)
            durations.append(ContinuousClock.now - start)
        }
        return Samples(durations)
    }

    /// What reading the clock twice takes, which is in every figure of ours.
    static var overhead: Duration {
        each([Int](0..<100_000)) { _ in }.percentile(0.5)
    }
}

extension Duration {
    /// In microseconds, for arithmetic.
    var microseconds: Double { seconds * 1e6 }
}
