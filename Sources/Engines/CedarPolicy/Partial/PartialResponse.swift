// SPDX-License-Identifier: Apache-2.0

/// The answer to a request of which not all is known (Cedar specification, "TPE": the authorizer).
public struct PartialResponse: Sendable {
    /// Allow or deny, if that is so whatever is still unknown; else nil.
    ///
    /// Decided also where the specification leaves it open: when each policy that is left turns out unsatisfied or
    /// failing in any case.
    public let decision: Decision?
    /// Which policies that permit come out how.
    public let permits: Outcomes
    /// Which policies that forbid come out how.
    public let forbids: Outcomes
    /// What is left of each policy, in the order of the policies.
    public let policies: [ResidualPolicy]

    let request: PartialRequest
    let entities: PartialEntities
    let schema: Schema
    /// Those that may still be satisfied and are not sure to be.
    let undecided: [Effect: [ResidualPolicy]]

    /// The ids of policies by how they come out, each list in the order of the ids.
    public struct Outcomes: Sendable, Equatable {
        /// Satisfied whatever is still unknown.
        public fileprivate(set) var satisfied: [Text] = []
        /// Not satisfied whatever is still unknown.
        public fileprivate(set) var unsatisfied: [Text] = []
        /// Impossible to evaluate whatever is still unknown.
        public fileprivate(set) var failing: [Text] = []
        /// Depending on what is unknown.
        public fileprivate(set) var open: [Text] = []
    }

    init(_ policies: [ResidualPolicy], _ request: PartialRequest, _ entities: PartialEntities, _ schema: Schema) {
        self.policies = policies
        self.request = request
        self.entities = entities
        self.schema = schema
        permits = Outcomes(policies, .permit)
        forbids = Outcomes(policies, .forbid)
        undecided = Dictionary(
            grouping: policies.filter { $0.outcome == .open && $0.canBeSatisfied }, by: \.policy.effect)
        if !forbids.satisfied.isEmpty || permits.satisfied.isEmpty && undecided[.permit] == nil {
            decision = .deny
        } else {
            decision = permits.satisfied.isEmpty || undecided[.forbid] != nil ? nil : .allow
        }
    }

    /// The policies that decide in any case; there may be more of them once all is known. Nil without a decision.
    public var reasons: [Text]? {
        switch decision {
        case .allow?: permits.satisfied
        case .deny?: forbids.satisfied
        case nil: nil
        }
    }
}

extension PartialResponse.Outcomes {
    fileprivate init(_ policies: [ResidualPolicy], _ effect: Effect) {
        for policy in policies where policy.policy.effect == effect {
            switch policy.outcome {
            case .satisfied: satisfied.append(policy.policy.id)
            case .unsatisfied: unsatisfied.append(policy.policy.id)
            case .failing: failing.append(policy.policy.id)
            case .open: open.append(policy.policy.id)
            }
        }
        satisfied.sort()
        unsatisfied.sort()
        failing.sort()
        open.sort()
    }
}
