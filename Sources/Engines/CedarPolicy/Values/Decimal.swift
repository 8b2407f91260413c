// SPDX-License-Identifier: Apache-2.0

/// A number with up to four places after the point (Cedar language reference, "decimal").
public struct Decimal: Hashable, Sendable, Comparable {
    /// The number times 10,000.
    public let tenThousandths: Int64

    /// `-?digits.digits` with one to four digits after the point; nil when it is written otherwise or does not fit.
    public init?(_ text: Text) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let whole = parts.first, let fraction = parts.last, 1...4 ~= fraction.count else {
            return nil
        }
        let isNegative = whole.first == UInt8(ascii: "-")
        let digits = isNegative ? whole.dropFirst() : whole
        guard !digits.isEmpty else { return nil }
        let padded = digits + fraction + [UInt8](repeating: UInt8(ascii: "0"), count: 4 - fraction.count)
        guard let value = Digits.read(padded, negative: isNegative) else { return nil }
        tenThousandths = value
    }

    /// By size.
    public static func < (left: Decimal, right: Decimal) -> Bool {
        left.tenThousandths < right.tenThousandths
    }
}

/// Whole numbers in ASCII digits.
enum Digits {
    /// The number, or nil when there is none, another character, or it does not fit.
    static func read(_ digits: some Sequence<UInt8>, negative: Bool = false) -> Int64? {
        var value: Int64 = 0
        var count = 0
        for digit in digits {
            guard Identifier.isDigit(digit) else { return nil }
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let unit = Int64(digit - UInt8(ascii: "0"))
            let (sum, overflows) =
                negative ? tens.subtractingReportingOverflow(unit) : tens.addingReportingOverflow(unit)
            guard !overflow, !overflows else { return nil }
            value = sum
            count += 1
        }
        return count > 0 ? value : nil
    }
}
