// SPDX-License-Identifier: Apache-2.0

// The parts of values that operators take, or why they do not.
extension CompiledValue {
    func integer() throws(EvaluationError.Reason) -> Int64 {
        guard case .integer(let value) = self else { throw .wrongType(expected: "an integer") }
        return value
    }

    func text() throws(EvaluationError.Reason) -> Text {
        guard case .string(let text) = self else { throw .wrongType(expected: "a string") }
        return text
    }

    func entity() throws(EvaluationError.Reason) -> EntityNumber {
        guard case .entity(let number) = self else { throw .wrongType(expected: "an entity") }
        return number
    }
}

// Sets.
extension CompiledValue {
    /// How many elements a set has.
    func count() throws(EvaluationError.Reason) -> Int {
        switch self {
        case .entities(let numbers): numbers.count
        case .set(let set): set.count
        default: throw .wrongType(expected: "a set")
        }
    }

    func contains(_ element: CompiledValue) throws(EvaluationError.Reason) -> Bool {
        switch self {
        case .entities(let numbers):
            if case .entity(let number) = element { numbers.place(of: number) != nil } else { false }
        case .set(let set): set.contains(element)
        default: throw .wrongType(expected: "a set")
        }
    }

    func containsAll(of other: CompiledValue) throws(EvaluationError.Reason) -> Bool {
        guard try other.count() <= count() else { return false }
        switch other {
        case .entities(let numbers):
            for number in numbers where try !contains(.entity(number)) { return false }
        case .set(let set):
            for element in set where try !contains(element) { return false }
        default: break
        }
        return true
    }

    /// Goes through the smaller of the two.
    func containsAny(of other: CompiledValue) throws(EvaluationError.Reason) -> Bool {
        guard try other.count() <= count() else { return try other.containsAny(of: self) }
        switch other {
        case .entities(let numbers):
            for number in numbers where try contains(.entity(number)) { return true }
        case .set(let set):
            for element in set where try contains(element) { return true }
        default: break
        }
        return false
    }
}
