// SPDX-License-Identifier: Apache-2.0

/// What an operator takes.
enum Expectation {
    case truth
    case integer
    case text
    case entity
    case set
    /// What can have attributes.
    case entityOrRecord
    /// What something can be in.
    case entityOrEntities
    /// A simple type of the schema.
    case simple(ValueType)

    func accepts(_ type: StaticType) -> Bool {
        switch self {
        case .truth: type.isBoolean
        case .integer: type.is(.integer)
        case .text: type.is(.string)
        case .entity: type.entity != nil
        case .set: type.element != nil
        case .entityOrRecord: type.entity != nil || type.isRecord
        case .entityOrEntities: type.entity != nil || type.element?.entity != nil
        case .simple(let simple): type.is(simple)
        }
    }

    /// In plain words.
    var description: String {
        switch self {
        case .truth: "a truth value"
        case .integer: "a whole number"
        case .text: "a text"
        case .entity: "an entity"
        case .set: "a set"
        case .entityOrRecord: "an entity or a record"
        case .entityOrEntities: "an entity or a set of entities"
        case .simple(let type): StaticType.declared(type).description
        }
    }
}

extension TypeChecker {
    /// The type of an expression that must be of a certain kind; left open when it is of another.
    mutating func expect(
        _ expected: Expectation, _ term: Term, knowing known: Set<Capability>
    ) throws(Steps.Exhausted) -> Finding {
        let finding = try check(term, knowing: known)
        guard let type = finding.type else { return .faulty() }
        guard expected.accepts(type) else {
            try report(.unexpectedType(expected: expected.description, found: type.description), at: term)
            return .faulty()
        }
        return finding
    }
}
