// SPDX-License-Identifier: Apache-2.0

/// The type of a value, as a schema declares it (Cedar language reference, "Schema": common types resolved).
public indirect enum ValueType: Sendable, Hashable {
    /// `Bool`
    case bool
    /// `Long`
    case integer
    /// `String`
    case string
    /// An entity of that type.
    case entity(TypeName)
    /// `Set<…>`
    case set(ValueType)
    /// A record with these attributes and no others.
    case record(RecordType)
    /// `decimal`
    case decimal
    /// `ipaddr`
    case address
    /// `datetime`
    case datetime
    /// `duration`
    case duration
}

extension ValueType {
    /// The types that extensions bring, by name (Cedar language reference, "Extension types").
    static let extensions: [Text: ValueType] = [
        "decimal": .decimal, "ipaddr": .address, "datetime": .datetime, "duration": .duration,
    ]

    /// All types that the language itself has names for: what `__cedar::` may stand before.
    static let builtins: [Text: ValueType] = extensions.merging(
        ["Bool": .bool, "Long": .integer, "String": .string]) { type, _ in type }
}

/// The attributes that a record or an entity may have, by name.
public typealias RecordType = [Text: AttributeType]

/// The type of an attribute, and whether it may be missing (`name?: …`).
public struct AttributeType: Sendable, Hashable {
    /// What its value is.
    public let type: ValueType
    /// Whether it is always there.
    public let isRequired: Bool

    /// An attribute of that type.
    public init(_ type: ValueType, isRequired: Bool = true) {
        self.type = type
        self.isRequired = isRequired
    }
}
