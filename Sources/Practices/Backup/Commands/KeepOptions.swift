// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ResticFormat

/// Which snapshots `forget` keeps.
struct KeepOptions: ParsableArguments {
    @Option(name: [.customShort("l"), .long], help: "The newest n, or `unlimited`.", transform: Self.count)
    var keepLast: RetentionPolicy.Count?

    @Option(
        name: [.customShort("H"), .long], help: "The newest of each of n hours in which there are any.",
        transform: Self.count)
    var keepHourly: RetentionPolicy.Count?

    @Option(name: [.customShort("d"), .long], help: "Of n days.", transform: Self.count)
    var keepDaily: RetentionPolicy.Count?

    @Option(name: [.customShort("w"), .long], help: "Of n weeks.", transform: Self.count)
    var keepWeekly: RetentionPolicy.Count?

    @Option(name: [.customShort("m"), .long], help: "Of n months.", transform: Self.count)
    var keepMonthly: RetentionPolicy.Count?

    @Option(name: [.customShort("y"), .long], help: "Of n years.", transform: Self.count)
    var keepYearly: RetentionPolicy.Count?

    @Option(help: "All in so long a time before the newest, as `1y5m7d2h`.", transform: Self.span)
    var keepWithin: CalendarSpan?

    @Option(help: "One of each hour in so long a time.", transform: Self.span)
    var keepWithinHourly: CalendarSpan?

    @Option(help: "One of each day in so long a time.", transform: Self.span)
    var keepWithinDaily: CalendarSpan?

    @Option(help: "One of each week in so long a time.", transform: Self.span)
    var keepWithinWeekly: CalendarSpan?

    @Option(help: "One of each month in so long a time.", transform: Self.span)
    var keepWithinMonthly: CalendarSpan?

    @Option(help: "One of each year in so long a time.", transform: Self.span)
    var keepWithinYearly: CalendarSpan?

    @Option(help: "Those with this tag; `a,b` means both. May be given several times.")
    var keepTag: [String] = []

    /// The policy that they make.
    var policy: RetentionPolicy {
        var policy = RetentionPolicy()
        let counts: [(RetentionPolicy.Period, RetentionPolicy.Count?)] = [
            (.last, keepLast), (.hourly, keepHourly), (.daily, keepDaily), (.weekly, keepWeekly),
            (.monthly, keepMonthly), (.yearly, keepYearly),
        ]
        for (period, count) in counts { policy.counts[period] = count }
        let spans: [(RetentionPolicy.Period, CalendarSpan?)] = [
            (.hourly, keepWithinHourly), (.daily, keepWithinDaily), (.weekly, keepWithinWeekly),
            (.monthly, keepWithinMonthly), (.yearly, keepWithinYearly),
        ]
        for (period, span) in spans { policy.withinPeriod[period] = span }
        policy.within = keepWithin
        policy.tags = keepTag.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        return policy
    }

    private static func count(_ text: String) throws -> RetentionPolicy.Count {
        if text == "unlimited" || text == "-1" { return .all }
        guard let count = Int(text), count >= 0 else { throw ValidationError("Say a number from 0 on, or unlimited.") }
        return count == 0 ? .none : .last(count)
    }

    private static func span(_ text: String) throws -> CalendarSpan {
        guard let span = CalendarSpan(text) else {
            throw ValidationError("Say a time as 1y5m7d2h: years, months, days, hours.")
        }
        return span
    }
}
