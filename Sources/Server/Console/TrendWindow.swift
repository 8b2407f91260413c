// SPDX-License-Identifier: Apache-2.0

import Kernel
import Posture
import Web

/// The stretch of time that trends show, which stands in the address.
enum TrendWindow: String, CaseIterable, Sendable {
    case month, quarter, year

    init(_ request: PageRequest) {
        self = request.query["over"].flatMap { Self(rawValue: $0) } ?? .quarter
    }

    /// Its length; a year is cut to whole weeks.
    var days: Int {
        switch self {
        case .month: 30
        case .quarter: 90
        case .year: 364
        }
    }

    /// How many days are drawn as one.
    var daysInStep: Int {
        switch self {
        case .month: 1
        case .quarter: 3
        case .year: 7
        }
    }

    var words: String {
        switch self {
        case .month: "Last 30 days"
        case .quarter: "Last 90 days"
        case .year: "Last 12 months"
        }
    }

    /// The links to the other stretches, beside what this one shows.
    func choice(at path: String) -> HTML {
        TabBar(
            label: "How far back",
            Self.allCases.map { window in
                let address = window == .quarter ? path : "\(path)?over=\(window.rawValue)"
                return TabBar.Tab(window.words, path: address, isCurrent: window == self)
            }
        ).html
    }

    /// The ends of its days on the institution's calendar; the last one is `now`.
    func ends(_ now: Instant, in time: LocalTime) -> [Instant] {
        let today = time.dayNumber(now)
        let before = (today - days + 2..<today + 1).map { time.beginning(ofDay: $0) }
        return before + [now]
    }

    /// The worst state of each step: a bad day does not hide behind a good one. The last step is how things stand now.
    func steps(_ states: [PostureState]) -> [PostureState] {
        var steps: [PostureState] = stride(from: 0, to: states.count, by: daysInStep).map { start in
            .combining(Array(states[start..<min(start + daysInStep, states.count)]))
        }
        if let now = states.last { steps[steps.count - 1] = now }
        return steps
    }
}
