// SPDX-License-Identifier: Apache-2.0

/// The name of an entity type with its namespaces: `Clinic::Nurse` (Cedar language reference, "Path" in the grammar).
public struct TypeName: Hashable, Sendable {
    /// The identifiers joined by `::`.
    public let text: Text

    /// Identifiers that the parser has seen.
    init(parsed text: Text) {
        self.text = text
    }

    /// A name as text; nil unless it is one or more identifiers, none of them reserved, joined by `::`.
    public init?(_ text: Text) {
        guard Self.isPath(text, of: Identifier.isUsable) else { return nil }
        self.text = text
    }

    /// Whether a schema may refer to that name: `__cedar` may be part of it, too.
    static func isReference(_ text: Text) -> Bool {
        isPath(text) { Identifier.isUsable($0) || $0.elementsEqual("__cedar".utf8) }
    }

    private static func isPath(_ text: Text, of isPart: (ArraySlice<UInt8>) -> Bool) -> Bool {
        var rest = text.utf8[...]
        while true {
            let identifier = rest.prefix { Identifier.continues($0) }
            guard isPart(identifier) else { return false }
            rest = rest.dropFirst(identifier.count)
            if rest.isEmpty { return true }
            guard rest.starts(with: "::".utf8) else { return false }
            rest = rest.dropFirst(2)
        }
    }

    /// The last identifier, without namespaces.
    var baseName: ArraySlice<UInt8> {
        let colon = text.utf8.lastIndex(of: UInt8(ascii: ":"))
        return text.utf8[(colon.map { $0 + 1 } ?? 0)...]
    }

    /// Whether entities of this type are actions (Cedar language reference, "Action entities").
    public var isAction: Bool {
        baseName.elementsEqual("Action".utf8)
    }
}

/// Which entity: its type and its id, written `Clinic::Nurse::"mara"` (Cedar language reference, "Entity").
public struct EntityUID: Hashable, Sendable, Comparable {
    /// The type.
    public let type: TypeName
    /// The id, which may hold any characters.
    public let id: Text

    /// An entity of that type and id.
    public init(type: TypeName, id: Text) {
        self.type = type
        self.id = id
    }

    /// By type, then by id, both by bytes.
    public static func < (left: EntityUID, right: EntityUID) -> Bool {
        left.type == right.type ? left.id < right.id : left.type.text < right.type.text
    }
}

extension EntityUID: CustomStringConvertible {
    /// As policies write it.
    public var description: String {
        "\(type.text)::\(StringEscapes.quote(id))"
    }
}
