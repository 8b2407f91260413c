// SPDX-License-Identifier: Apache-2.0

/// The answer to a request (Cedar language reference, "Authorization").
public struct Response: Sendable, Equatable {
    /// Allow, or deny.
    public let decision: Decision
    /// The policies that decided, in the order of their ids: those that forbid, else those that permit. Empty when
    /// nothing permitted.
    public let reasons: [Text]
    /// The policies that were left out because they could not be evaluated, in the order of their ids.
    public let errors: [PolicyError]

    init(decision: Decision, reasons: [Text], errors: [PolicyError]) {
        self.decision = decision
        self.reasons = reasons
        self.errors = errors
    }

    /// The answer when these policies, in any order, are satisfied or fail.
    init(permits: [Text], forbids: [Text], errors: [PolicyError]) {
        let isAllowed = forbids.isEmpty && !permits.isEmpty
        decision = isAllowed ? .allow : .deny
        reasons = (isAllowed ? permits : forbids).sorted()
        self.errors = errors.sorted { $0.policy < $1.policy }
    }
}

/// What may come out.
public enum Decision: String, Sendable, Hashable {
    /// A policy permits and none forbids.
    case allow
    /// Everything else.
    case deny
}

/// A policy that could not be evaluated, and why.
public struct PolicyError: Sendable, Equatable {
    /// The policy's id.
    public let policy: Text
    /// What went wrong in it.
    public let error: EvaluationError
}

extension PolicySet {
    /// Decides a request: denied unless a policy permits, denied whenever one forbids (Cedar language reference,
    /// "Authorization"). A policy that cannot be evaluated counts as not satisfied, whether it permits or forbids.
    public func decide(_ request: Request, _ entities: Entities) -> Response {
        let evaluator = Evaluator(request: request, entities: entities)
        var satisfied: [Effect: [Text]] = [:]
        var errors: [PolicyError] = []
        for policy in policies {
            do {
                if try evaluator.isSatisfied(policy) { satisfied[policy.effect, default: []].append(policy.id) }
            } catch {
                errors.append(PolicyError(policy: policy.id, error: error))
            }
        }
        return Response(permits: satisfied[.permit] ?? [], forbids: satisfied[.forbid] ?? [], errors: errors)
    }
}
