// SPDX-License-Identifier: Apache-2.0

extension ExtensionFunction {
    /// The function's value (Cedar language reference, "Extension types").
    func apply(_ arguments: [Value]) throws(EvaluationError.Reason) -> Value {
        guard arguments.count == argumentCount, let first = arguments.first else { throw .wrongArgumentCount(self) }
        switch first {
        case .string(let text) where isConstructor: return try construct(text)
        case .decimal(let left):
            if arguments.count == 2, case .decimal(let right) = arguments[1], let result = compare(left, right) {
                return .bool(result)
            }
        case .address(let address):
            if let result = ask(address, arguments) { return .bool(result) }
        case .datetime(let moment):
            if let result = try change(moment, arguments) { return result }
        case .duration(let duration):
            if let result = count(duration) { return .integer(result) }
        default: break
        }
        throw .wrongType(expected: "arguments that `\(rawValue)` takes")
    }

    private var argumentCount: Int {
        switch self {
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual, .isInRange, .offset, .durationSince: 2
        default: 1
        }
    }

    private func construct(_ text: Text) throws(EvaluationError.Reason) -> Value {
        let value: Value? =
            switch self {
            case .decimal: Decimal(text).map(Value.decimal)
            case .ip: IPAddress(text).map(Value.address)
            case .datetime: Datetime(text).map(Value.datetime)
            case .duration: Milliseconds(text).map(Value.duration)
            default: nil
            }
        guard let value else { throw .invalidExtensionValue(self) }
        return value
    }

    private func compare(_ left: Decimal, _ right: Decimal) -> Bool? {
        switch self {
        case .lessThan: left < right
        case .lessThanOrEqual: left <= right
        case .greaterThan: left > right
        case .greaterThanOrEqual: left >= right
        default: nil
        }
    }

    private func ask(_ address: IPAddress, _ arguments: [Value]) -> Bool? {
        switch self {
        case .isIpv4: return !address.isVersion6
        case .isIpv6: return address.isVersion6
        case .isLoopback: return address.isLoopback
        case .isMulticast: return address.isMulticast
        case .isInRange:
            guard case .address(let network) = arguments[1] else { return nil }
            return address.isInRange(of: network)
        default: return nil
        }
    }

    private func change(_ moment: Datetime, _ arguments: [Value]) throws(EvaluationError.Reason) -> Value? {
        let value: Value?
        switch self {
        case .offset:
            guard case .duration(let duration) = arguments[1] else { return nil }
            value = moment.offset(by: duration).map(Value.datetime)
        case .durationSince:
            guard case .datetime(let other) = arguments[1] else { return nil }
            value = moment.since(other).map(Value.duration)
        case .toDate: value = moment.day.map(Value.datetime)
        case .toTime: value = .duration(moment.timeOfDay)
        default: return nil
        }
        guard let value else { throw .invalidExtensionValue(self) }
        return value
    }

    /// Whole units, cut towards zero.
    private func count(_ duration: Milliseconds) -> Int64? {
        switch self {
        case .toMilliseconds: duration.count
        case .toSeconds: duration.count / 1_000
        case .toMinutes: duration.count / 60_000
        case .toHours: duration.count / 3_600_000
        case .toDays: duration.count / 86_400_000
        default: nil
        }
    }
}
