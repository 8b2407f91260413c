// SPDX-License-Identifier: Apache-2.0

/// Named values in the order of the numbers of their names.
struct CompiledRecord: Hashable, Sendable {
    struct Field: Hashable, Sendable {
        let name: NameNumber
        let value: CompiledValue
    }

    /// INVARIANT: by ascending names, none twice.
    private let fields: [Field]

    static let empty = CompiledRecord([])

    /// - Parameter fields: in any order, no name twice.
    init(_ fields: [Field]) {
        var fields = fields
        fields.sort { $0.name < $1.name }
        self.fields = fields
    }

    init(_ record: [Text: Value], _ numbering: inout some Numbering) {
        var fields: [Field] = []
        fields.reserveCapacity(record.count)
        for (name, value) in record {
            fields.append(Field(name: numbering.number(name), value: CompiledValue(value, &numbering)))
        }
        self.init(fields)
    }

    subscript(_ name: NameNumber) -> CompiledValue? {
        var low = 0
        var high = fields.count
        while low < high {
            let middle = (low + high) / 2
            if fields[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low < fields.count && fields[low].name == name ? fields[low].value : nil
    }
}
