// SPDX-License-Identifier: Apache-2.0

/// A value with numbers in the place of names. Equal exactly when the values are that it was made from, as long as
/// the numbers are from one store or one request over it.
enum CompiledValue: Hashable, Sendable {
    case bool(Bool)
    case integer(Int64)
    case string(Text)
    case entity(EntityNumber)
    /// A set of nothing but entities. INVARIANT: at least one, ascending, none twice.
    case entities([EntityNumber])
    /// Any other set.
    case set(Set<CompiledValue>)
    case record(CompiledRecord)
    case decimal(Decimal)
    indirect case address(IPAddress)
    case datetime(Datetime)
    case duration(Milliseconds)
}

extension CompiledValue {
    init(_ value: Value, _ numbering: inout some Numbering) {
        switch value {
        case .bool(let bool): self = .bool(bool)
        case .integer(let integer): self = .integer(integer)
        case .string(let text): self = .string(text)
        case .entity(let uid): self = .entity(numbering.number(uid))
        case .set(let set): self = .init(elements: set.map { CompiledValue($0, &numbering) })
        case .record(let record): self = .record(CompiledRecord(record, &numbering))
        case .decimal(let decimal): self = .decimal(decimal)
        case .address(let address): self = .address(address)
        case .datetime(let datetime): self = .datetime(datetime)
        case .duration(let duration): self = .duration(duration)
        }
    }

    /// The set of these; one may come more than once.
    init(elements: [CompiledValue]) {
        var numbers: [EntityNumber] = []
        for element in elements {
            guard case .entity(let number) = element else {
                self = .set(Set(elements))
                return
            }
            numbers.append(number)
        }
        self = numbers.isEmpty ? .set([]) : .entities(numbers.ascending())
    }

    /// What functions take, as they take it. Every other value stands for a wrong type there, whatever it is.
    var argument: Value {
        switch self {
        case .string(let text): .string(text)
        case .decimal(let decimal): .decimal(decimal)
        case .address(let address): .address(address)
        case .datetime(let datetime): .datetime(datetime)
        case .duration(let duration): .duration(duration)
        case .bool, .integer, .entity, .entities, .set, .record: .bool(false)
        }
    }

    /// What a function gave: never an entity, a set or a record.
    init?(result: Value) {
        switch result {
        case .bool(let bool): self = .bool(bool)
        case .integer(let integer): self = .integer(integer)
        case .decimal(let decimal): self = .decimal(decimal)
        case .address(let address): self = .address(address)
        case .datetime(let datetime): self = .datetime(datetime)
        case .duration(let duration): self = .duration(duration)
        case .string, .entity, .set, .record: return nil
        }
    }
}

extension [Int32] {
    /// Where a number stands among ascending ones; nil when it does not.
    func place(of number: Int32) -> Int? {
        guard count > 12 else { return firstIndex(of: number) }
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == number ? low : nil
    }

    /// These in order, none twice.
    func ascending() -> [Int32] {
        guard count > 1 else { return self }
        var sorted = sorted()
        var last = 0
        for index in 1..<sorted.count where sorted[index] != sorted[last] {
            last += 1
            sorted[last] = sorted[index]
        }
        sorted.removeSubrange((last + 1)...)
        return sorted
    }
}
