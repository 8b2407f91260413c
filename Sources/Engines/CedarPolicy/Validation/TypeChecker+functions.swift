// SPDX-License-Identifier: Apache-2.0

// Extension functions (Cedar reference, "Policy validation" and "Extension types").
extension TypeChecker {
    mutating func call(
        _ term: Term, _ function: ExtensionFunction, _ arguments: [Term], knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        let result = StaticType.declared(function.resultType)
        guard try isWellFormed(term, function, arguments) else {
            for argument in arguments { _ = try check(argument, knowing: known) }
            return .faulty(result)
        }
        var isFaulty = false
        for (argument, type) in zip(arguments, function.argumentTypes) {
            let finding = try expect(.simple(type), argument, knowing: known)
            isFaulty = isFaulty || finding.isFaulty
        }
        return isFaulty ? .faulty(result) : Finding(result)
    }

    /// Whether the number of arguments is right, and what makes a value of a text is given one that it can read.
    private mutating func isWellFormed(
        _ term: Term, _ function: ExtensionFunction, _ arguments: [Term]
    ) throws(Steps.Exhausted) -> Bool {
        let expected = function.argumentTypes.count
        var isWellFormed = arguments.count == expected
        if !isWellFormed {
            try report(.wrongArgumentCount(function, expected: expected, found: arguments.count), at: term)
        }
        guard function.isConstructor else { return isWellFormed }
        if !arguments.allSatisfy(\.isLiteral) {
            try report(.computedText(function), at: term)
            isWellFormed = false
        }
        if arguments.count == 1, case .string(let text) = arguments.first?.form {
            try steps.spend(text)
            if !function.reads(text) {
                try report(.invalidText(function, text), at: term)
                isWellFormed = false
            }
        }
        return isWellFormed
    }
}

extension Term {
    fileprivate var isLiteral: Bool {
        switch form {
        case .bool, .integer, .string, .entity: true
        default: false
        }
    }
}

extension ExtensionFunction {
    /// Whether a constructor makes a value of the text.
    fileprivate func reads(_ text: Text) -> Bool {
        do {
            _ = try apply([.string(text)])
            return true
        } catch {
            return false
        }
    }

    /// What it takes, the value before the dot included.
    fileprivate var argumentTypes: [ValueType] {
        switch self {
        case .decimal, .ip, .datetime, .duration: [.string]
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual: [.decimal, .decimal]
        case .isIpv4, .isIpv6, .isLoopback, .isMulticast: [.address]
        case .isInRange: [.address, .address]
        case .offset: [.datetime, .duration]
        case .durationSince: [.datetime, .datetime]
        case .toDate, .toTime: [.datetime]
        case .toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays: [.duration]
        }
    }

    /// What it gives.
    fileprivate var resultType: ValueType {
        switch self {
        case .decimal: .decimal
        case .ip: .address
        case .datetime, .offset, .toDate: .datetime
        case .duration, .durationSince, .toTime: .duration
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual, .isIpv4, .isIpv6, .isLoopback,
            .isMulticast, .isInRange:
            .bool
        case .toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays: .integer
        }
    }
}
