// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How large a share of all files may be lost, given how many of a random sample were.
///
/// The upper end of the one-sided exact interval of Clopper and Pearson (Biometrika 26, 1934): if more than that were lost,
/// a sample as good as this one would come by chance in one case of twenty at most.
enum LossBound {
    /// How sure it is.
    static let confidence = 0.95

    /// The share, 0…1, that is not exceeded; nil where nothing was compared.
    ///
    /// - Parameters:
    ///   - lost: how many of the sample are lost.
    ///   - sample: how many were compared.
    ///   - population: how many there are in all.
    static func share(lost: Int64, of sample: Int64, in population: Int64) -> Double? {
        guard sample > 0, (0...sample).contains(lost) else { return nil }
        // Whoever looked at all of them knows.
        if sample >= population { return Double(lost) / Double(sample) }
        if lost == sample { return 1 }
        var (low, high) = (Double(lost) / Double(sample), 1.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if chance(ofAtMost: lost, of: sample, middle) > 1 - confidence { low = middle } else { high = middle }
        }
        return high
    }

    /// How likely at most `lost` of a sample are, when a share of all is.
    private static func chance(ofAtMost lost: Int64, of sample: Int64, _ share: Double) -> Double {
        guard share > 0 else { return 1 }
        guard share < 1 else { return 0 }
        let all = Double(sample)
        return (0...lost).reduce(0) { sum, count in
            let some = Double(count)
            let ways = lgamma(all + 1) - lgamma(some + 1) - lgamma(all - some + 1)
            return sum + exp(ways + some * log(share) + (all - some) * log1p(-share))
        }
    }

    /// In parts in a million, rounded up, as it stands in the log.
    static func parts(_ share: Double) -> Int64 {
        Int64(min(1_000_000, (share * 1_000_000).rounded(.up)))
    }

    /// For people: `at most 0.75 %`.
    static func words(parts: Int64) -> String {
        let hundredths = (parts + 99) / 100
        let rest = hundredths % 100
        return "at most \(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) %"
    }
}
