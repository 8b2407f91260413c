// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

extension UnmetPart.Part {
    /// The part as a policy writes it.
    var text: String {
        switch self {
        case .principal(let scope): "principal \(scope.words)"
        case .action: "action"
        case .resource(let scope): "resource \(scope.words)"
        case .condition(let kind, let expression): "\(kind.rawValue) \(expression)"
        case .error(let error): "\(error)"
        }
    }
}

extension UnmetPart.Part {
    /// The roles of which it asks for one; empty when it asks for something else.
    var roles: [String] {
        switch self {
        case .principal(.within(.entity(let uid))), .principal(.isTypeWithin(_, .entity(let uid))):
            uid.type == CedarType.role ? [uid.id.string] : []
        case .condition(.when, let expression): expression.roles ?? []
        default: []
        }
    }
}

extension Expression {
    /// Of `principal in Role::"a" || principal in Role::"b"`, the roles; nil for anything else.
    var roles: [String]? {
        switch kind {
        case .or(let left, let right):
            guard let left = left.roles, let right = right.roles else { return nil }
            return left + right
        case .binary(.within, let left, let right):
            guard case .variable(.principal) = left.kind, case .entity(let uid) = right.kind,
                uid.type == CedarType.role
            else { return nil }
            return [uid.id.string]
        default: return nil
        }
    }
}

extension EntityScope {
    fileprivate var words: String {
        switch self {
        case .any: "of any kind"
        case .equal(let reference): "== \(reference)"
        case .within(let reference): "in \(reference)"
        case .isType(let type): "is \(type.text)"
        case .isTypeWithin(let type, let reference): "is \(type.text) in \(reference)"
        }
    }
}
