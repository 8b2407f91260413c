// SPDX-License-Identifier: Apache-2.0

extension RFC3339 {
    /// How many digits of the fraction are written.
    public enum Fraction: Sendable {
        /// None: the fraction is dropped.
        case none
        /// Three: what is below a millisecond is dropped.
        case milliseconds
        /// Six: exact.
        case microseconds
    }

    /// The text of a point in time, in UTC with `Z`: `1980-05-31T12:00:00.000000Z`.
    ///
    /// Years outside 0000 to 9999, which RFC 3339 cannot write, get a sign and as many digits as they need;
    /// `parse` refuses those.
    public static func format(_ microseconds: Int64, fraction: Fraction = .microseconds) -> String {
        let seconds = CivilDate.floorDivide(Int(microseconds), 1_000_000)
        // Multiplying `seconds` back would overflow near the smallest time.
        let remainder = Int(microseconds % 1_000_000)
        let micros = remainder < 0 ? remainder + 1_000_000 : remainder
        let days = CivilDate.floorDivide(seconds, 86_400)
        let second = seconds - days * 86_400
        let (year, month, day) = CivilDate.date(ofDay: days)
        let time = "\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))"
        return "\(yearText(year))-\(two(month))-\(two(day))T\(time)\(fractionText(micros, fraction))Z"
    }

    private static func two(_ number: Int) -> String {
        padded(number, to: 2)
    }

    private static func padded(_ number: Int, to length: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, length - digits.utf8.count)) + digits
    }

    private static func yearText(_ year: Int) -> String {
        if 0...9_999 ~= year { return padded(year, to: 4) }
        return (year < 0 ? "-" : "+") + padded(abs(year), to: 4)
    }

    private static func fractionText(_ micros: Int, _ fraction: Fraction) -> String {
        switch fraction {
        case .none: ""
        case .milliseconds: "." + padded(micros / 1_000, to: 3)
        case .microseconds: "." + padded(micros, to: 6)
        }
    }
}
