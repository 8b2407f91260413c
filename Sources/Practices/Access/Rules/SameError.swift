// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

/// One mistake, however many types of entities meet it.
///
/// The validator looks at each type by itself, so that one wrong word is found once for people, once for applications,
/// and so on: whoever has to put it right wants to read it once.
struct SameError {
    /// As the first type met it.
    let error: CedarPolicy.ValidationError
    /// What else meets it, in plain words.
    private(set) var others: [String] = []

    /// Those of one rule and one place that ask for one attribute as one, in the order in which each comes first.
    static func grouped(_ errors: [CedarPolicy.ValidationError]) -> [SameError] {
        var places: [Likeness: Int] = [:]
        var groups: [SameError] = []
        for error in errors {
            guard let owner = error.reason.owner else {
                groups.append(SameError(error: error))
                continue
            }
            if let place = places[Likeness(error)] {
                groups[place].others.append(owner)
            } else {
                places[Likeness(error)] = groups.count
                groups.append(SameError(error: error))
            }
        }
        return groups
    }

    /// What is wrong, and with what else it is wrong.
    var reason: String {
        others.isEmpty
            ? "\(error.reason)" : "\(error.reason), and it is the same with \(others.joined(separator: ", "))"
    }

    /// The kind of request that meets it; nil when there are several, or when it is so whatever is asked.
    var environment: RequestEnvironment? { others.isEmpty ? error.environment : nil }

    private struct Likeness: Hashable {
        let policy: Text
        let position: Position
        let attribute: Text?
        let isDeclared: Bool

        init(_ error: CedarPolicy.ValidationError) {
            policy = error.policy
            position = error.position
            switch error.reason {
            case .unknownAttribute(let name, of: _, _): (attribute, isDeclared) = (name, false)
            case .uncheckedAttribute(let name, of: _): (attribute, isDeclared) = (name, true)
            default: (attribute, isDeclared) = (nil, false)
            }
        }
    }
}

extension CedarPolicy.ValidationError.Reason {
    /// What lacks an attribute, with those that it has; nil for mistakes about something else.
    fileprivate var owner: String? {
        switch self {
        case .unknownAttribute(_, of: let owner, let known):
            owner + (known.map { $0.isEmpty ? "" : " (\($0))" } ?? "")
        case .uncheckedAttribute(_, of: let owner): owner
        default: nil
        }
    }
}
