// SPDX-License-Identifier: Apache-2.0

/// What is left of a policy when part of a request and of the data is known
/// (Cedar specification, "TPE": residual policies).
public struct ResidualPolicy: Sendable {
    /// The policy itself.
    public let policy: Policy
    /// What must still be true, one after the other; its head is part of it. None when the policy is satisfied.
    ///
    /// INVARIANT: nothing here is the value true; what is the value false, or has none, stands last.
    public private(set) var conditions: [Residual] = []

    init(_ policy: Policy) {
        self.policy = policy
    }

    /// Adds what must be true besides. Returns whether it counts what comes then.
    mutating func require(_ condition: Residual) -> Bool {
        if condition.truth == true { return true }
        if condition.truth == false, !conditions.contains(where: \.canFail) { conditions = [] }
        conditions.append(condition)
        return condition.truth == nil && !condition.isFailure
    }

    /// How a policy may come out.
    public enum Outcome: Sendable, Hashable, CaseIterable {
        /// It is satisfied, whatever is still unknown.
        case satisfied
        /// It is not satisfied, and does not fail, whatever is still unknown.
        case unsatisfied
        /// It cannot be evaluated, whatever is still unknown.
        case failing
        /// That depends on what is unknown.
        case open
    }

    /// How it comes out.
    public var outcome: Outcome {
        guard let first = conditions.first else { return .satisfied }
        if first.truth == false { return .unsatisfied }
        return first.isFailure ? .failing : .open
    }

    /// False when it turns out unsatisfied or failing, whatever is still unknown.
    public var canBeSatisfied: Bool {
        conditions.allSatisfy(\.canBeTrue)
    }
}

extension Evaluator {
    /// Whether a policy applies, by what was left of it.
    ///
    /// - Throws: as `evaluate` of a residual does.
    public func isSatisfied(_ policy: ResidualPolicy) throws(EvaluationError.Reason) -> Bool {
        for condition in policy.conditions where try !bool(condition) { return false }
        return true
    }
}
