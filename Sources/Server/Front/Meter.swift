// SPDX-License-Identifier: Apache-2.0

import Kernel
import Synchronization

/// Counts requests for the operator; knows no paths and no people.
final class Meter: Sendable {
    private struct Counts {
        var byClass: [Int: Int64] = [:]
        var microseconds: Int64 = 0
        /// Refusals that are not in the log: all of them, and those that it was not told of yet.
        var missed: (all: Int64, untold: Int64) = (0, 0)
    }

    private let counts = Mutex(Counts())
    private let started = ContinuousClock.now

    /// Counts one answer.
    func count(status: Int, duration: Duration) {
        counts.withLock {
            $0.byClass[status / 100, default: 0] += 1
            $0.microseconds &+= duration.wholeMicroseconds
        }
    }

    /// How many refusals the log was not told of yet; whoever takes them tells it, or gives them back.
    func takeMissedRefusals() -> Int64 {
        counts.withLock { counts in
            defer { counts.missed.untold = 0 }
            return counts.missed.untold
        }
    }

    /// Counts a refusal that could not be recorded.
    ///
    /// - Parameter untold: how many the log does not know of with it, those that were taken before.
    /// - Returns: how many there were since the start.
    func miss(refusal untold: Int64) -> Int64 {
        counts.withLock { counts in
            counts.missed.untold += untold
            counts.missed.all += 1
            return counts.missed.all
        }
    }

    /// The counts in the Prometheus text format 0.0.4.
    func prometheus() -> [String] {
        let counts = counts.withLock { $0 }
        var lines = [
            "# HELP salus_requests_total Answers by the first digit of their status.",
            "# TYPE salus_requests_total counter",
        ]
        lines += counts.byClass.sorted { $0.key < $1.key }.map {
            "salus_requests_total{class=\"\($0.key)xx\"} \($0.value)"
        }
        return lines + [
            "# HELP salus_request_seconds_total Time spent on answers.",
            "# TYPE salus_request_seconds_total counter",
            "salus_request_seconds_total \(Double(counts.microseconds) / 1e6)",
            "# HELP salus_refusals_unrecorded_total Refusals that could not be kept in the evidence log.",
            "# TYPE salus_refusals_unrecorded_total counter",
            "salus_refusals_unrecorded_total \(counts.missed.all)",
            "# HELP salus_uptime_seconds Time since the start.",
            "# TYPE salus_uptime_seconds gauge",
            "salus_uptime_seconds \((ContinuousClock.now - started).components.seconds)",
        ]
    }
}
