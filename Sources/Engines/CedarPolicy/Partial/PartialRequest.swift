// SPDX-License-Identifier: Apache-2.0

/// A principal or a resource of which perhaps only the type is known.
public enum PartialEntityUID: Sendable, Hashable {
    /// That entity.
    case known(EntityUID)
    /// Some entity of that type.
    case unknown(TypeName)

    /// Its type, which is always known.
    public var type: TypeName {
        switch self {
        case .known(let uid): uid.type
        case .unknown(let type): type
        }
    }

    /// Which entity it is; nil when that is unknown.
    public var uid: EntityUID? {
        if case .known(let uid) = self { uid } else { nil }
    }
}

/// What is asked, as far as it is known (Cedar specification, "TPE": partial requests).
public struct PartialRequest: Sendable, Hashable {
    /// Who asks.
    public let principal: PartialEntityUID
    /// What they want to do.
    public let action: EntityUID
    /// To what.
    public let resource: PartialEntityUID
    /// Under which circumstances; nil when these are unknown.
    public let context: [Text: Value]?

    /// A question with open parts.
    public init(
        principal: PartialEntityUID, action: EntityUID, resource: PartialEntityUID, context: [Text: Value]? = nil
    ) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.context = context
    }

    /// A question with nothing open.
    public init(_ request: Request) {
        self.init(
            principal: .known(request.principal), action: request.action, resource: .known(request.resource),
            context: request.context)
    }

    /// The kind of requests that it is one of.
    var environment: RequestEnvironment {
        RequestEnvironment(principal: principal.type, action: action, resource: resource.type)
    }

    /// Whether a request is this one with its open parts filled.
    func matches(_ request: Request) -> Bool {
        principal.matches(request.principal) && action == request.action && resource.matches(request.resource)
            && context.map { $0 == request.context } ?? true
    }
}

extension PartialEntityUID {
    fileprivate func matches(_ uid: EntityUID) -> Bool {
        switch self {
        case .known(let known): known == uid
        case .unknown(let type): type == uid.type
        }
    }
}
