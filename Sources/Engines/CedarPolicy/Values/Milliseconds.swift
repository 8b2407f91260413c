// SPDX-License-Identifier: Apache-2.0

/// A length of time, perhaps negative (Cedar language reference, "duration").
public struct Milliseconds: Hashable, Sendable, Comparable {
    /// How many.
    public let count: Int64

    /// So many milliseconds.
    public init(count: Int64) {
        self.count = count
    }

    /// Shorter is less.
    public static func < (left: Milliseconds, right: Milliseconds) -> Bool {
        left.count < right.count
    }
}

extension Milliseconds {
    private static let units: [(name: String, size: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]

    /// `-?` and numbers with their units, larger units first and none twice: `1d2h3m4s5ms`; nil when it is written
    /// otherwise or does not fit.
    public init?(_ text: Text) {
        var rest = text.utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        guard !rest.isEmpty else { return nil }
        var units = Self.units[...]
        var total: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix(while: Identifier.isDigit)
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { !Identifier.isDigit($0) }
            rest = rest.dropFirst(name.count)
            guard let number = Digits.read(digits, negative: isNegative),
                let unit = units.firstIndex(where: { name.elementsEqual($0.name.utf8) })
            else { return nil }
            let (part, overflow) = number.multipliedReportingOverflow(by: units[unit].size)
            let (sum, overflows) = total.addingReportingOverflow(part)
            guard !overflow, !overflows else { return nil }
            total = sum
            units = units[(unit + 1)...]
        }
        count = total
    }
}
