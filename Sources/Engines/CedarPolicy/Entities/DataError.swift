// SPDX-License-Identifier: Apache-2.0

import Codecs

/// Why JSON is no entities or no context, and where.
public struct DataError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public let reason: Reason
    /// Where the value begins.
    public let position: Position

    /// One plain line: the reason and the place.
    public var description: String {
        "\(reason) at \(position)"
    }

    /// The ways in which data fails.
    public enum Reason: Hashable, Sendable, CustomStringConvertible {
        /// Not JSON, or past its limits.
        case malformed(String)
        /// Something else was expected.
        case expected(String)
        /// A member that an entity does not have.
        case unknownMember(String)
        /// `null`, a fraction, an exponent, or an integer past 64 bits.
        case noValue(String)
        /// `__entity`, `__extn` or `__expr` where it may not stand or in a form that it does not have.
        case escape(String)
        /// A type name that is none.
        case invalidType(String)
        /// An extension function that had no value for its arguments.
        case invalidExtension(String)
        /// Entities that do not go together.
        case inconsistent(EntitiesError)
        /// Other than the schema says.
        case nonconforming(ConformanceError)

        /// The reason in plain words.
        public var description: String {
            switch self {
            case .malformed(let text): "malformed json: \(text)"
            case .expected(let text): "expected \(text)"
            case .unknownMember(let text): "`\(text)` is no member of an entity"
            case .noValue(let text): "`\(text)` is no value of the language"
            case .escape(let text): "`\(text)` may not stand here or not in this form"
            case .invalidType(let text): "`\(text)` is no type"
            case .invalidExtension(let text): "\(text)"
            case .inconsistent(let error): "\(error)"
            case .nonconforming(let error): "\(error)"
            }
        }
    }
}
