// SPDX-License-Identifier: Apache-2.0

/// Decides requests of which not all is known, by policies that fit a schema
/// (Cedar specification, "TPE": type-aware partial evaluation).
///
/// What is left of a policy has the value that the policy has, or none where it has none, for every request and all
/// data that fit the schema and what was known.
public struct PartialAuthorizer: Sendable {
    let schema: Schema
    private let policies: [(policy: Policy, lowered: LoweredPolicy)]
    private let actionTypes: ActionTypes

    /// Policies, and the schema that requests and data will keep to. Templates only wait to be linked.
    ///
    /// - Throws: `PartialError.policy` for one that names what is not declared.
    public init(_ policies: PolicySet, schema: Schema) throws(PartialError) {
        self.schema = schema
        actionTypes = ActionTypes(schema)
        self.policies = policies.policies.map { ($0, LoweredPolicy($0)) }
        for (policy, lowered) in self.policies {
            var names = NameCheck(schema)
            for part in lowered.head + lowered.rest { names.look(at: part) }
            if let fault = names.faults.first { throw .policy(ValidationError(fault, in: policy, for: nil)) }
        }
    }

    /// What can be said about a request, and what is left of each policy.
    ///
    /// - Parameter limits: bounds the work of the type checker.
    /// - Throws: `PartialError.request` when the schema does not foresee such a request, and `PartialError.policy` for a
    ///   policy that does not fit the schema for requests of this kind.
    public func decide(
        _ request: PartialRequest, _ entities: PartialEntities, limits: ValidationLimits = .standard
    ) throws(PartialError) -> PartialResponse {
        do throws(ConformanceError) {
            try schema.validate(request)
        } catch {
            throw .request(error)
        }
        let check = PolicyTypes(schema, actionTypes, request.environment, limits)
        var steps = Steps(limit: limits.steps)
        var residuals: [ResidualPolicy] = []
        for (policy, lowered) in policies {
            let types = try check.types(of: lowered, policy, &steps)
            let evaluator = PartialEvaluator(request: request, entities: entities, types: types)
            var residual = ResidualPolicy(policy)
            for part in lowered.head + lowered.rest {
                // What has no type comes after something that is never true.
                guard types[part.number] != nil, residual.require(evaluator.evaluate(part)) else { break }
            }
            residuals.append(residual)
        }
        return PartialResponse(residuals, request, entities, schema)
    }
}

/// Finds the types of policies for one kind of request.
private struct PolicyTypes {
    private let schema: Schema
    private let actionTypes: ActionTypes
    private let environment: RequestEnvironment
    private let limits: ValidationLimits

    init(_ schema: Schema, _ actionTypes: ActionTypes, _ environment: RequestEnvironment, _ limits: ValidationLimits) {
        self.schema = schema
        self.actionTypes = actionTypes
        self.environment = environment
        self.limits = limits
    }

    /// The types of a policy's terms by number.
    func types(of lowered: LoweredPolicy, _ policy: Policy, _ steps: inout Steps) throws(PartialError) -> [StaticType?]
    {
        var checker = TypeChecker(
            schema: schema, actionTypes: actionTypes, environment: environment,
            context: schema.actions[environment.action]?.context ?? [:], steps: steps, recording: lowered.count)
        do throws(Steps.Exhausted) {
            _ = try checker.check(lowered.head + lowered.rest, after: Conjunction())
        } catch {
            let fault = TypeChecker.Fault(reason: .tooMuchWork(steps: limits.steps), position: policy.position)
            throw .policy(ValidationError(fault, in: policy, for: environment))
        }
        steps = checker.steps
        if let fault = checker.faults.first { throw .policy(ValidationError(fault, in: policy, for: environment)) }
        return checker.types
    }
}

extension ValidationError {
    fileprivate init(_ fault: TypeChecker.Fault, in policy: Policy, for environment: RequestEnvironment?) {
        self.init(policy: policy.id, position: fault.position, reason: fault.reason, environment: environment)
    }
}
