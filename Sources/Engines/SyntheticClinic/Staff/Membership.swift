// SPDX-License-Identifier: Apache-2.0

/// How long somebody could sign in at the clinic: invited, set up, gone. Days count back from the clinic's `today`.
public struct Membership: Sendable {
    /// When a welcome link was made, the first one first; the second where the first ran out unused.
    public let invited: [Int]
    /// When a password was chosen and the telephone was still missing; nil where both came together.
    public let password: Int?
    /// When password and telephone were set up; nil for somebody who has yet to do it.
    public let enrolled: Int?
    /// The last day at work; nil for those who are still there.
    public let left: Int?
    /// When the account was closed; nil while it is open.
    public let closed: Int?

    /// Whether the person could sign in on that day.
    func isSetUp(_ daysAgo: Int) -> Bool {
        guard let enrolled, daysAgo < enrolled else { return false }
        return left.map { daysAgo >= $0 } ?? true
    }

    /// Of somebody who came when everybody came, a year ago, or later, on their first day.
    static func of(_ person: Person, number: Int, today: ClinicDate) -> Membership {
        let first = max(0, min(Year.length, today.dayNumber - person.startDate.dayNumber))
        func day(_ daysAgo: Int) -> Int { Year.workingDay(daysAgo, before: today) }
        let start = day(first)
        let left = person.endDate.map { today.dayNumber - $0.dayNumber }
        // One forgot to close the account of one who left, and the last one who came has not followed the link yet.
        let closed = left.flatMap { $0 > 20 ? day($0 - (number % 2 == 0 ? 1 : 4)) : nil }
        switch number {
        case 4, 9:
            let again = day(start - 3)
            return Membership(invited: [start, again], password: nil, enrolled: again, left: left, closed: closed)
        case 11:
            return Membership(
                invited: [start], password: start, enrolled: day(start - 2), left: left, closed: closed)
        case 17: return Membership(invited: [start], password: nil, enrolled: nil, left: nil, closed: nil)
        default: return Membership(invited: [start], password: nil, enrolled: start, left: left, closed: closed)
        }
    }
}
