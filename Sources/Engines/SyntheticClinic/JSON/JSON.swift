// SPDX-License-Identifier: Apache-2.0

/// A JSON value whose members keep the order in which they were written down.
enum JSON {
    case object([(String, JSON)])
    case array([JSON])
    case text(String)
    case number(FixedPoint)
    case flag(Bool)
    /// Nothing: a member or element with this value is left out.
    case absent

    /// `value` as text, or nothing.
    static func optional(_ value: String?) -> JSON {
        value.map(JSON.text) ?? .absent
    }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
    init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements)
    }

    init(arrayLiteral elements: JSON...) {
        self = .array(elements)
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
    init(stringLiteral value: String) {
        self = .text(value)
    }

    init(booleanLiteral value: Bool) {
        self = .flag(value)
    }

    init(integerLiteral value: Int) {
        self = .number(FixedPoint(value, decimals: 0))
    }
}

/// A decimal number as whole units of its last place, so that no binary fraction ever shows.
struct FixedPoint: Equatable {
    /// The number times 10 to the power of `decimals`.
    let units: Int
    /// Digits after the point, 0 to 6.
    let decimals: Int

    init(_ units: Int, decimals: Int) {
        (self.units, self.decimals) = (units, decimals)
    }

    /// The number in JSON's notation, with all its decimals: `7.0`.
    var text: String {
        guard decimals > 0 else { return String(units) }
        var digits = String(units.magnitude)
        while digits.utf8.count <= decimals { digits = "0" + digits }
        let point = digits.utf8.index(digits.endIndex, offsetBy: -decimals)
        return (units < 0 ? "-" : "") + "\(digits[..<point]).\(digits[point...])"
    }
}
