// SPDX-License-Identifier: Apache-2.0

/// Why an expression has no value, and where. A policy with such an expression is left out of the decision.
public struct EvaluationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    public let reason: Reason
    /// Where the operator stands.
    public let position: Position

    /// One plain line: the reason and the place.
    public var description: String {
        "\(reason) at \(position)"
    }
}

extension EvaluationError {
    /// The ways in which evaluation fails (Cedar language reference, "Operators").
    public enum Reason: Error, Hashable, Sendable, CustomStringConvertible {
        /// An operator was given a value of a type that it does not take.
        case wrongType(expected: String)
        /// A result outside 64 bits.
        case overflow
        /// There is no data about the entity.
        case unknownEntity(EntityUID)
        /// The record or entity has no such attribute.
        case missingAttribute(Text)
        /// The entity has no such tag.
        case missingTag(Text)
        /// A text that is no value of the extension type, or a result that does not fit it.
        case invalidExtensionValue(ExtensionFunction)
        /// A function that was given another number of arguments.
        case wrongArgumentCount(ExtensionFunction)
        /// A template was asked to decide.
        case openSlot(Slot)

        /// The reason in plain words.
        public var description: String {
            switch self {
            case .wrongType(let expected): "expected \(expected)"
            case .overflow: "integer overflow"
            case .unknownEntity(let entity): "entity `\(entity)` does not exist"
            case .missingAttribute(let name): "attribute `\(name)` does not exist"
            case .missingTag(let name): "tag `\(name)` does not exist"
            case .invalidExtensionValue(let function): "`\(function.rawValue)` has no value for its arguments"
            case .wrongArgumentCount(let function): "wrong number of arguments for `\(function.rawValue)`"
            case .openSlot(let slot): "slot `?\(slot.rawValue)` is not filled"
            }
        }
    }
}
