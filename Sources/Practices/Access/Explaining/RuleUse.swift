// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Ledger

/// How often each rule decided lately, counted from the rules that the entries of the log name.
struct RuleUse: Sendable {
    /// From when on the entries were counted.
    let since: Instant
    /// Whether that is the whole of the wanted time; false when the log holds more entries than are counted.
    let isWhole: Bool
    /// How many entries name each rule.
    let counts: [String: Int]

    /// How far back a rule's decisions are counted.
    static let days: Int64 = 30
    /// How many entries are looked at for a page.
    private static let most = 10_000

    /// Counts from the newest entry back.
    ///
    /// - Throws: what the log throws when it cannot be read.
    init(_ ledger: EvidenceLog, until now: Instant, most: Int = Self.most) async throws {
        let wanted = now.advanced(by: .days(-Self.days))
        var (counts, seen): ([String: Int], Int) = ([:], 0)
        var oldest = now
        var query = LeafQuery(limit: 1_000)
        var isWhole = false
        reading: while seen < most {
            let leaves = try await ledger.leaves(query)
            for placed in leaves {
                guard placed.leaf.happened >= wanted else {
                    isWhole = true
                    break reading
                }
                for rule in placed.leaf.ruleNames { counts[rule, default: 0] += 1 }
                oldest = placed.leaf.happened
            }
            seen += leaves.count
            guard leaves.count == Int(query.limit), let last = leaves.last else {
                isWhole = true
                break
            }
            query.before = last.position
        }
        self.counts = counts
        self.isWhole = isWhole
        since = isWhole ? wanted : oldest
    }
}

extension Ledger.Leaf {
    /// The rules that decided what it tells, where it names them.
    var ruleNames: [String] {
        data["rules"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }
}
