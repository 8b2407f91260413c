// SPDX-License-Identifier: Apache-2.0

/// What is asked (Cedar language reference, "Authorization request").
public struct Request: Sendable, Hashable {
    /// Who asks.
    public let principal: EntityUID
    /// What they want to do.
    public let action: EntityUID
    /// To what.
    public let resource: EntityUID
    /// Under which circumstances.
    public let context: [Text: Value]

    /// A question.
    public init(principal: EntityUID, action: EntityUID, resource: EntityUID, context: [Text: Value] = [:]) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.context = context
    }

    func value(of variable: Variable) -> Value {
        switch variable {
        case .principal: .entity(principal)
        case .action: .entity(action)
        case .resource: .entity(resource)
        case .context: .record(context)
        }
    }
}
