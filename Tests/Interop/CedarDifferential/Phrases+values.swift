// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

// Values that are no truth values.
extension Phrases {
    mutating func literal(_ shape: Shape, _ depth: Int) -> Written {
        switch shape {
        case .bool: Written(draw.pick(["true", "false"]))
        case .integer: integer()
        case .string: Written(quote(draw.pick(Words.strings)))
        case .decimal: constructor("decimal", Words.decimals, Words.badDecimals)
        case .address: constructor("ip", Words.addresses, Words.badAddresses)
        case .datetime: constructor("datetime", Words.datetimes, Words.badDatetimes)
        case .duration: constructor("duration", Words.durations, Words.badDurations)
        case .entity(let kind): Written(world.entity(of: kind, &draw).description)
        case .set(let element): set(of: element, depth)
        case .record(let fields): record(fields, depth)
        }
    }

    private mutating func integer() -> Written {
        let value = draw.pick(Words.integers)
        return Written("\(value)", value < 0 ? .unary : .member)
    }

    private mutating func constructor(_ name: String, _ good: [String], _ bad: [String]) -> Written {
        if draw.chance(sloppiness / 6) {
            let arguments = (0..<draw.below(3)).map { _ in plainText() }
            return Written("\(name)(\(arguments.joined(separator: ", ")))")
        }
        return Written("\(name)(\(quote(draw.pick(draw.chance(sloppiness / 3) ? bad : good))))")
    }

    private mutating func plainText() -> String {
        path(to: .string)?.text ?? quote(draw.pick(Words.strings))
    }

    private mutating func set(of element: Shape, _ depth: Int) -> Written {
        let count = draw.chance(sloppiness / 4) ? 0 : 1 + draw.below(3)
        return Written("[\((0..<count).map { _ in phrase(element, depth - 1).text }.joined(separator: ", "))]")
    }

    /// In the order of names: where several attributes have no value, the Rust engine goes by names and ours by the
    /// text, and both may, but then they meet another error first.
    private mutating func record(_ fields: [Field], _ depth: Int) -> Written {
        var members: [String] = []
        for field in fields.sorted(by: { $0.name < $1.name }) where !draw.chance(sloppiness / 6) {
            let isName = TypeName(field.name) != nil && draw.chance(50)
            let name = isName ? field.name.string : quote(field.name.string)
            members.append("\(name): \(phrase(field.shape, depth - 1).text)")
        }
        return Written("{\(members.joined(separator: ", "))}")
    }

    mutating func computed(_ shape: Shape, _ depth: Int) -> Written {
        switch shape {
        case .integer: arithmetic(depth)
        case .datetime:
            draw.chance(50)
                ? method(.datetime, "offset", .duration, depth) : method(.datetime, "toDate", nil, depth)
        case .duration:
            draw.chance(50)
                ? method(.datetime, "durationSince", .datetime, depth) : method(.datetime, "toTime", nil, depth)
        default: literal(shape, depth)
        }
    }

    private mutating func arithmetic(_ depth: Int) -> Written {
        switch draw.below(8) {
        case 0, 1: return binary(.sum, "+", .product, depth)
        case 2, 3: return binary(.sum, "-", .product, depth)
        case 4: return binary(.product, "*", .unary, depth)
        case 5: return Written(signs("-") + phrase(.integer, depth - 1).at(.member), .unary)
        case 6:
            let unit = draw.pick(["toMilliseconds", "toSeconds", "toMinutes", "toHours", "toDays"])
            return method(.duration, unit, nil, depth)
        default: return integer()
        }
    }

    private mutating func binary(_ level: Written.Level, _ sign: String, _ right: Written.Level, _ depth: Int)
        -> Written
    {
        let (first, second) = (phrase(.integer, depth - 1), phrase(.integer, depth - 1))
        return Written("\(loose(first, level)) \(sign) \(loose(second, right))", level)
    }

    /// `base.name(argument)`
    mutating func method(_ base: Shape, _ name: String, _ argument: Shape?, _ depth: Int) -> Written {
        let base = phrase(base, depth - 1).at(.member)
        let argument = argument.map { phrase($0, depth - 1).text } ?? ""
        return Written("\(base).\(name)(\(argument))")
    }
}
