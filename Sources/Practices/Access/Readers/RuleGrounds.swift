// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// What a rule that lets somebody in looks at, so that the page can say which relation it was.
enum RuleGround: Hashable, CaseIterable {
    /// Caring for the patient.
    case care
    /// Where the patient is.
    case department
    /// An emergency that was opened.
    case emergency
    /// What the person is.
    case role
}

extension Policy {
    /// What its head and its conditions look at.
    var grounds: Set<RuleGround> {
        var grounds = Set(conditions.flatMap { Self.parts(of: $0.body).compactMap(Self.ground) })
        if case .entity(let uid) = principal.reference, uid.type == CedarType.role { grounds.insert(.role) }
        return grounds
    }

    private static func ground(_ part: Expression) -> RuleGround? {
        switch part.kind {
        case .binary(.hasTag, let owner, _), .binary(.getTag, let owner, _):
            if case .variable(.resource) = owner.kind { return .care }
            if case .variable(.principal) = owner.kind { return .emergency }
            return nil
        case .attribute(let owner, let name) where name == "department":
            if case .variable(.resource) = owner.kind { return .department }
            return nil
        case .binary(.within, _, let group):
            if case .entity(let uid) = group.kind, uid.type == CedarType.role { return .role }
            return nil
        default: return nil
        }
    }

    /// The expression and everything in it.
    private static func parts(of expression: Expression) -> [Expression] {
        var found: [Expression] = []
        var open = [expression]
        while let next = open.popLast() {
            found.append(next)
            open += next.operands
        }
        return found
    }
}

extension Expression {
    /// The expressions directly in it.
    fileprivate var operands: [Expression] {
        switch kind {
        case .bool, .integer, .string, .entity, .variable: []
        case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
        case .and(let left, let right), .or(let left, let right), .binary(_, let left, let right): [left, right]
        case .unary(_, let operand), .attribute(let operand, _), .has(let operand, _), .like(let operand, _): [operand]
        case .isType(let operand, _, let within): [operand] + (within.map { [$0] } ?? [])
        case .set(let elements), .call(_, let elements): elements
        case .record(let fields): fields.map(\.value)
        }
    }
}
