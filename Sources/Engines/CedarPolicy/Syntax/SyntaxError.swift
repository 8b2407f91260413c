// SPDX-License-Identifier: Apache-2.0

/// Why a text is no policy, and where.
public struct SyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public let reason: Reason
    /// Where it was noticed.
    public let position: Position

    /// One plain line: the reason and the place.
    public var description: String {
        "\(reason) at \(position)"
    }
}

extension SyntaxError {
    /// The ways in which a text fails.
    public enum Reason: Hashable, Sendable, CustomStringConvertible {
        /// Longer than the limit, in bytes.
        case tooLarge(limit: Int)
        /// Brackets, conditionals or operators inside one another past the limit.
        case tooDeep(limit: Int)
        /// Not UTF-8.
        case invalidUTF8
        /// A character that begins nothing.
        case unexpectedCharacter(String)
        /// A string without its closing quotation mark.
        case unterminatedString
        /// Not an escape sequence of the language, or a bare carriage return.
        case malformedEscape
        /// Something else was expected.
        case expected(String, found: String)
        /// A whole number outside 64 bits.
        case integerTooLarge(String)
        /// A word of the language where a name must stand.
        case reserved(String)
        /// A name that is no variable.
        case unknownVariable(String)
        /// A name that is no function.
        case unknownFunction(String)
        /// A name that is no method.
        case unknownMethod(String)
        /// A function written as a method, or a method written as a function.
        case wrongCallStyle(String)
        /// A built-in method that was given another number of arguments.
        case wrongArgumentCount(String, expected: Int)
        /// More than four `!` or `-` in a row.
        case tooManyUnaryOperators
        /// `/`, `%` or `=`, which the language does not have.
        case unsupportedOperator(String)
        /// A record that names an attribute twice.
        case duplicateKey(String)
        /// A policy that has an annotation twice.
        case duplicateAnnotation(String)
        /// A template's slot where none may stand.
        case misplacedSlot(String)
        /// An entity in the scope's action that is no action.
        case notAnAction(String)
        /// Not JSON, or past its limits.
        case malformedJSON(String)
        /// A member that such an object does not have.
        case unknownMember(String)
        /// A member that such an object must have.
        case missingMember(String)
        /// A type name that is none.
        case invalidType(String)
        /// A name that must be an identifier and is none, or is reserved.
        case invalidName(String)
        /// `null`, a fraction or an exponent.
        case noValue(String)
        /// `Unknown`, which only partial evaluation writes.
        case unknownValue
        /// Policies, templates and links that do not go together.
        case link(LinkError)
        /// Written in the usual form it would not be the same policies with the same comments.
        case notFormatted

        /// The reason in plain words.
        public var description: String {
            switch self {
            case .tooLarge(let limit): "larger than \(limit) bytes"
            case .tooDeep(let limit): "nested deeper than \(limit)"
            case .invalidUTF8: "invalid utf-8"
            case .unexpectedCharacter(let text): "unexpected character `\(text)`"
            case .unterminatedString: "string without closing quotation mark"
            case .malformedEscape: "malformed escape sequence"
            case .expected(let what, let found): "expected \(what), found \(found)"
            case .integerTooLarge(let text): "integer `\(text)` does not fit 64 bits"
            case .reserved(let text): "`\(text)` is a reserved word"
            case .unknownVariable(let text): "`\(text)` is no variable"
            case .unknownFunction(let text): "`\(text)` is no function"
            case .unknownMethod(let text): "`\(text)` is no method"
            case .wrongCallStyle(let text): "`\(text)` is called in the wrong style"
            case .wrongArgumentCount(let text, let count): "`\(text)` takes \(count) arguments"
            case .tooManyUnaryOperators: "more than four unary operators in a row"
            case .unsupportedOperator(let text): "`\(text)` is no operator of the language"
            case .duplicateKey(let text): "record names `\(text)` twice"
            case .duplicateAnnotation(let text): "annotation `\(text)` stands twice"
            case .misplacedSlot(let text): "slot `\(text)` may not stand here"
            case .notAnAction(let text): "`\(text)` is no action"
            case .malformedJSON(let text): "malformed json: \(text)"
            case .unknownMember(let text): "`\(text)` is no member here"
            case .missingMember(let text): "member `\(text)` is missing"
            case .invalidType(let text): "`\(text)` is no type"
            case .invalidName(let text): "`\(text)` may not be a name here"
            case .noValue(let text): "`\(text)` is no value of the language"
            case .unknownValue: "an unknown value may not stand in a policy"
            case .link(let error): "\(error)"
            case .notFormatted: "could not be formatted without a change of meaning or comments"
            }
        }
    }
}
