// SPDX-License-Identifier: Apache-2.0

/// The first part of a policy that keeps it from being satisfied: what to tell somebody who was denied.
public struct UnmetPart: Sendable, Equatable {
    /// Which part.
    public let part: Part
    /// How many parts before it hold; parts are the three of the head and each operand of `&&` in the conditions.
    public let satisfied: Int

    /// The parts of a policy.
    public enum Part: Sendable, Equatable {
        /// The head's principal.
        case principal(EntityScope)
        /// The head's action.
        case action(ActionScope)
        /// The head's resource.
        case resource(EntityScope)
        /// A condition, or the operand of its `&&` that decides.
        case condition(Condition.Kind, Expression)
        /// A condition that could not be evaluated.
        case error(EvaluationError)
    }
}

extension Evaluator {
    /// The first part of a policy that does not hold; nil when the policy is satisfied.
    ///
    /// Parts are looked at in the order action, principal, resource, conditions: whoever asks chose the action.
    public func firstUnmet(of policy: Policy) -> UnmetPart? {
        do {
            guard holds(policy.action) else { return UnmetPart(part: .action(policy.action), satisfied: 0) }
            guard try holds(policy.principal, for: request.principal, policy) else {
                return UnmetPart(part: .principal(policy.principal), satisfied: 1)
            }
            guard try holds(policy.resource, for: request.resource, policy) else {
                return UnmetPart(part: .resource(policy.resource), satisfied: 2)
            }
        } catch {
            return UnmetPart(part: .error(error), satisfied: 1)
        }
        return firstUnmet(of: policy.conditions, after: 3)
    }

    private func firstUnmet(of conditions: [Condition], after held: Int) -> UnmetPart? {
        var satisfied = held
        for condition in conditions {
            let parts = condition.kind == .when ? condition.body.conjuncts : [condition.body]
            for part in parts {
                do {
                    guard try bool(part) == (condition.kind == .when) else {
                        return UnmetPart(part: .condition(condition.kind, part), satisfied: satisfied)
                    }
                } catch {
                    return UnmetPart(part: .error(error), satisfied: satisfied)
                }
                satisfied += 1
            }
        }
        return nil
    }
}

extension Expression {
    /// The operands of `&&`, in the order of evaluation; the expression itself when it is none.
    fileprivate var conjuncts: [Expression] {
        guard case .and(let left, let right) = kind else { return [self] }
        return left.conjuncts + right.conjuncts
    }
}
