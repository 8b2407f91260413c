// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// The drills of the last year: how long each took until everything was back.
struct DrillChart: Sendable {
    private let drills: [DrillRecord]
    private let now: Instant
    private let time: LocalTime

    private static let span = Duration.days(365)

    /// - Parameter drills: newest first.
    init(_ drills: [DrillRecord], now: Instant, time: LocalTime) {
        let start = now.advanced(by: .zero - Self.span)
        self.drills = drills.filter { $0.verdict != nil && $0.started >= start }.reversed()
        (self.now, self.time) = (now, time)
    }

    /// Nothing before there are two: a single dot says nothing that the table does not.
    var html: HTML? {
        guard drills.count > 1 else { return nil }
        let start = now.advanced(by: .zero - Self.span)
        let span = Double(Self.span.wholeMicroseconds)
        let dots = drills.map { drill in
            TimePlot.Dot(
                at: Double(drill.started.since(start).wholeMicroseconds) / span,
                drill.verdict == .passed ? drill.recoveryTime.map { Double($0.wholeMicroseconds) } : nil)
        }
        let longest = drills.filter { $0.verdict == .passed }.compactMap(\.recoveryTime).max() ?? .zero
        let failed = drills.count { $0.verdict == .failed }
        let plot = TimePlot(
            "Time until everything was back, last 365 days", dots, top: "longest \(DrillWords.text(longest))",
            ends: ("\(time.day(start))", "\(time.day(now))"), isJoined: Set(drills.map(\.job)).count == 1)
        return """
            \(plot)<p>\(drills.count) \(drills.count == 1 ? "drill" : "drills"), \(failed) failed\
            \(failed > 0 ? ", each a cross at the bottom" : "").</p>
            """
    }
}
