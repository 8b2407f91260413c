// SPDX-License-Identifier: Apache-2.0

/// One kind of request that a schema allows (Cedar reference, "Policy validation": request environments).
public struct RequestEnvironment: Sendable, Hashable, CustomStringConvertible {
    /// The type of who asks.
    public let principal: TypeName
    /// What they want to do.
    public let action: EntityUID
    /// The type of what they want to do it to.
    public let resource: TypeName

    /// As one would say it.
    public var description: String {
        "`\(action)` of a `\(principal.text)` on a `\(resource.text)`"
    }
}

/// The kinds of requests for one action: any of these principals on any of these resources.
struct RequestEnvironments: Sendable {
    let action: EntityUID
    let principals: [TypeName]
    let resources: [TypeName]
    let context: RecordType

    /// Those of a schema, in a fixed order. Mere groups of actions have none.
    static func all(_ schema: Schema) -> [RequestEnvironments] {
        schema.actions.sorted { $0.key < $1.key }.map { uid, action in
            RequestEnvironments(
                action: uid, principals: action.principals.sorted { $0.text < $1.text },
                resources: action.resources.sorted { $0.text < $1.text }, context: action.context)
        }
    }
}
