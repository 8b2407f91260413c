// SPDX-License-Identifier: Apache-2.0

extension ValidationError {
    /// The ways in which a policy does not fit a schema (Cedar reference, "Policy validation").
    public enum Reason: Sendable, Hashable, CustomStringConvertible {
        /// A type of entities that is not declared.
        case unknownType(TypeName)
        /// An action that is not declared.
        case unknownAction(EntityUID)
        /// An entity of an enumerated type that is none of those listed.
        case unlistedEntity(EntityUID)
        /// No action fits the head of the policy.
        case noApplicableAction
        /// A value of another type than is needed here. Both in plain words.
        case unexpectedType(expected: String, found: String)
        /// Types that must be the same and are not. Both in plain words.
        case differentTypes(Comparison, String, String)
        /// A set with nothing in it, whose type cannot be known.
        case emptySet
        /// An attribute that is not declared, and those that are; nil where the words for the owner name them.
        case unknownAttribute(Text, of: String, KnownAttributes?)
        /// An attribute that may be missing, used without asking for it first.
        case uncheckedAttribute(Text, of: String)
        /// A tag, used without asking for it first.
        case uncheckedTag
        /// A tag of an entity of a type without tags.
        case noTags(TypeName)
        /// A function that was given another number of arguments.
        case wrongArgumentCount(ExtensionFunction, expected: Int, found: Int)
        /// A text that is no value of the type that the function makes.
        case invalidText(ExtensionFunction, Text)
        /// A value that cannot be checked because its text is not written out.
        case computedText(ExtensionFunction)
        /// Validation gave up; this policy and those after it are not checked.
        case tooMuchWork(steps: Int)
    }

    /// Where types must be the same.
    public enum Comparison: Sendable, Hashable {
        /// The sides of `==` and `!=`.
        case equality
        /// A set and what is looked for in it.
        case membership
        /// The elements of a set.
        case elements
        /// What follows `then` and `else`.
        case branches
    }
}

extension ValidationError.Reason {
    /// The reason in plain words.
    public var description: String {
        switch self {
        case .unknownType(let type): "the schema has no entity type `\(type.text)`"
        case .unknownAction(let action): "the schema has no action `\(action)`"
        case .unlistedEntity(let uid):
            "`\(uid)` is not one of the entities of type `\(uid.type.text)` that the schema lists"
        case .noApplicableAction:
            "no action of the schema fits the head of this policy: check the action and the types of principal and resource"
        case .unexpectedType(let expected, let found): "expected \(expected), found \(found)"
        case .differentTypes(let comparison, let left, let right): comparison.text(left, right)
        case .emptySet: "an empty set `[]` cannot be checked: use `.isEmpty()` or leave it out"
        case .unknownAttribute(let name, let owner, let known):
            "\(owner) has no attribute `\(name)`"
                + (known.map { $0.isEmpty ? " or any other" : " (\($0))" } ?? "")
        case .uncheckedAttribute(let name, let owner):
            "\(owner) may lack the attribute `\(name)`: ask with `has` before using it"
        case .uncheckedTag: "the entity may lack this tag: ask with `hasTag` before using it"
        case .noTags(let type): "entities of type `\(type.text)` have no tags"
        case .wrongArgumentCount(let function, let expected, let found):
            "`\(function.rawValue)` takes \(expected) arguments, its own value included, and not \(found)"
        case .invalidText(let function, let text):
            "\(StringEscapes.quote(text)) is no value that `\(function.rawValue)` can read"
        case .computedText(let function):
            "`\(function.rawValue)` needs a text written out in quotation marks, so that it can be checked"
        case .tooMuchWork(let steps):
            "checking takes more than \(steps) steps: this policy and those after it are not checked"
        }
    }
}

extension ValidationError.Comparison {
    fileprivate func text(_ left: String, _ right: String) -> String {
        switch self {
        case .equality: "these can never be equal: \(left), and \(right)"
        case .membership: "the set can never hold that: \(left), and \(right)"
        case .elements: "elements of one set must have one type: \(left), and \(right)"
        case .branches: "`then` and `else` must give the same type: \(left), and \(right)"
        }
    }
}
