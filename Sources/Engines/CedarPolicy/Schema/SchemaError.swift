// SPDX-License-Identifier: Apache-2.0

/// Why a text is no schema, and where.
public struct SchemaError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public let reason: Reason
    /// Where it was noticed.
    public let position: Position

    /// One plain line: the reason and the place.
    public var description: String {
        "\(reason) at \(position)"
    }
}

extension SchemaError {
    /// The ways in which a schema fails.
    public enum Reason: Hashable, Sendable, CustomStringConvertible {
        /// Not the Cedar syntax of schemas.
        case syntax(SyntaxError.Reason)
        /// Not JSON, or past its limits.
        case malformed(String)
        /// Something else was expected.
        case expected(String)
        /// A member that does not belong there.
        case unknownMember(String)
        /// A name that is none.
        case invalidName(String)
        /// A name that the language keeps for itself.
        case reservedName(String)
        /// Declared or written twice.
        case duplicate(String)
        /// A name of which there is no declaration.
        case undeclared(String)
        /// Declared in a namespace although it is declared outside all namespaces, too.
        case shadowing(String)
        /// A common type that is part of itself.
        case typeCycle(String)
        /// An action that is in itself.
        case actionCycle(EntityUID)
        /// A shape or a context that is no record.
        case notARecord(String)
        /// Records that may have attributes of any name, which the language does not have.
        case openRecord
        /// Attributes of actions, which the language does not have.
        case actionAttributes(String)
        /// Types inside one another past the limit.
        case tooDeep(limit: Int)
        /// Types that have more parts than the limit when common types are put in their places.
        case tooManyParts(limit: Int)
        /// More pairs of a type or action and one that it is in than the limit.
        case tooManyAncestors(limit: Int)

        /// The reason in plain words.
        public var description: String {
            switch self {
            case .syntax(let reason): "\(reason)"
            case .malformed(let text): "malformed json: \(text)"
            case .expected(let text): "expected \(text)"
            case .unknownMember(let text): "`\(text)` is no member here"
            case .invalidName(let text): "`\(text)` is no name"
            case .reservedName(let text): "`\(text)` is a reserved name"
            case .duplicate(let text): "`\(text)` stands twice"
            case .undeclared(let text): "`\(text)` is not declared"
            case .shadowing(let text): "`\(text)` is declared outside all namespaces, too"
            case .typeCycle(let text): "type `\(text)` is part of itself"
            case .actionCycle(let uid): "action `\(uid)` is in itself"
            case .notARecord(let text): "\(text) is no record"
            case .openRecord: "records with additional attributes are not supported"
            case .actionAttributes(let text): "action `\(text)` has attributes"
            case .tooDeep(let limit): "types nested deeper than \(limit)"
            case .tooManyParts(let limit): "types of more than \(limit) parts"
            case .tooManyAncestors(let limit): "more than \(limit) pairs in the hierarchy"
            }
        }
    }
}
