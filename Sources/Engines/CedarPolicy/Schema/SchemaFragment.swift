// SPDX-License-Identifier: Apache-2.0

/// A schema as it is written, in either syntax: names are not looked up yet (Cedar language reference, "Schema").
///
/// Places are offsets in bytes, because only an error needs lines.
struct SchemaFragment: Sendable {
    /// What stands outside all namespaces comes first and has an empty name.
    var namespaces = [NamespaceDeclaration()]
}

/// `namespace Clinic { … }`
struct NamespaceDeclaration: Sendable {
    var name = Name(text: "", offset: 0)
    var annotations: [Annotation] = []
    var commonTypes: [CommonTypeDeclaration] = []
    var entityTypes: [EntityDeclaration] = []
    var actions: [ActionDeclaration] = []
}

/// `type Name = …;`
struct CommonTypeDeclaration: Sendable {
    let name: Name
    let type: WrittenType
    let annotations: [Annotation]
}

/// `entity Name, Name in […] { … } tags …;`
struct EntityDeclaration: Sendable {
    let names: [Name]
    let kind: Kind
    let annotations: [Annotation]

    enum Kind: Sendable {
        /// INVARIANT: not empty.
        case enumerated([Text])
        case standard(parents: [Name], shape: WrittenType, tags: WrittenType?)
    }
}

/// `action Name, Name in […] appliesTo { … };`
struct ActionDeclaration: Sendable {
    let names: [Name]
    var parents: [ActionReference] = []
    var principals: [Name] = []
    var resources: [Name] = []
    var context = WrittenType.empty
    let annotations: [Annotation]
}

/// An action by its id, and by its type when that is written.
struct ActionReference: Sendable {
    let type: Text?
    let id: Name
}

/// A word or a path of words, and where it stands.
struct Name: Sendable {
    let text: Text
    let offset: Int
}

/// A type as it is written.
///
/// INVARIANT: no deeper than the parser's limit on nesting.
struct WrittenType: Sendable {
    let kind: Kind
    let offset: Int

    indirect enum Kind: Sendable {
        /// One that no declaration can take the name of; only JSON writes these.
        case builtin(ValueType)
        case set(WrittenType)
        case record([WrittenAttribute])
        /// The name of a common type, of a type of entities, or of either.
        case named(Text, Meaning)
    }

    /// What a name may stand for.
    enum Meaning: Sendable {
        case common
        case entity
        case either
    }

    /// A record without attributes, which is what a shape or a context is that is left out.
    static var empty: WrittenType { WrittenType(kind: .record([]), offset: 0) }
}

/// `name?: Type`
struct WrittenAttribute: Sendable {
    let name: Name
    let type: WrittenType
    let isRequired: Bool
    let annotations: [Annotation]
}
