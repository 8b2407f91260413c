// SPDX-License-Identifier: Apache-2.0

extension Schema {
    /// Checks that policies and templates fit the schema, by the strict rules (Cedar reference, "Policy validation").
    ///
    /// A policy is checked for each kind of request that the schema allows; a template for all entities that its slots
    /// can stand for. A policy made from a template is checked as if it had been written out.
    public func validate(_ policies: PolicySet, limits: ValidationLimits = .standard) -> ValidationResult {
        var validator = Validator(self, limits)
        for policy in policies.policies + policies.templates {
            do throws(Steps.Exhausted) {
                try validator.validate(policy)
            } catch {
                validator.giveUp(at: policy, limits)
                break
            }
        }
        return validator.result
    }
}

/// Goes through policies and collects what there is to say about them.
private struct Validator {
    let schema: Schema
    let actionTypes: ActionTypes
    let environments: [RequestEnvironments]
    /// How many types the actions name.
    let typeCount: Int
    var steps: Steps
    var result = ValidationResult()

    init(_ schema: Schema, _ limits: ValidationLimits) {
        self.schema = schema
        actionTypes = ActionTypes(schema)
        environments = RequestEnvironments.all(schema)
        typeCount = environments.reduce(0) { $0 + 1 + $1.principals.count + $1.resources.count }
        steps = Steps(limit: limits.steps)
    }

    mutating func validate(_ policy: Policy) throws(Steps.Exhausted) {
        let lowered = LoweredPolicy(policy)
        var errors = PolicyErrors(policy.id)
        defer { result.errors += errors.sorted }
        var names = NameCheck(schema)
        for part in lowered.head + lowered.rest { names.look(at: part) }
        try errors.add(names.faults, nil, &steps)
        try steps.spend(typeCount)
        if !schema.hasApplicableAction(policy) {
            try errors.add([TypeChecker.Fault(reason: .noApplicableAction, position: policy.position)], nil, &steps)
        }
        if try !canApply(lowered, &errors) { warn(policy, policy.position, .neverApplies) }
        let turned = names.turned.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
        for position in turned { warn(policy, position, .turnedWriting) }
    }

    private mutating func warn(_ policy: Policy, _ position: Position, _ reason: ValidationWarning.Reason) {
        result.warnings.append(ValidationWarning(policy: policy.id, position: position, reason: reason))
    }

    mutating func giveUp(at policy: Policy, _ limits: ValidationLimits) {
        result.errors.append(
            ValidationError(
                policy: policy.id, position: policy.position, reason: .tooMuchWork(steps: limits.steps),
                environment: nil))
    }
}

// One policy for all kinds of requests.
extension Validator {
    /// Whether the policy can apply to any request; false when it is false for every kind of them.
    private mutating func canApply(
        _ policy: LoweredPolicy, _ errors: inout PolicyErrors
    ) throws(Steps.Exhausted) -> Bool {
        var canApply = false
        for requests in environments {
            guard let resource = requests.resources.first else { continue }
            for principal in requests.principals {
                // The head of the policy is the same for all resources.
                let environment = RequestEnvironment(principal: principal, action: requests.action, resource: resource)
                let head = try check(policy.head, requests, environment, after: Conjunction(), &errors)
                if head.isDecided {
                    canApply = canApply || head.isOpen
                } else if try self.canApply(policy, requests, principal, after: head, &errors) {
                    canApply = true
                }
            }
        }
        return canApply
    }

    /// The same when the principal and the action fit.
    private mutating func canApply(
        _ policy: LoweredPolicy, _ requests: RequestEnvironments, _ principal: TypeName, after head: Conjunction,
        _ errors: inout PolicyErrors
    ) throws(Steps.Exhausted) -> Bool {
        var canApply = false
        for resource in requests.resources {
            let environment = RequestEnvironment(principal: principal, action: requests.action, resource: resource)
            let all = try check(policy.rest, requests, environment, after: head, &errors)
            canApply = canApply || all.canBeTrue
        }
        return canApply
    }

    private mutating func check(
        _ parts: [Term], _ requests: RequestEnvironments, _ environment: RequestEnvironment,
        after before: Conjunction, _ errors: inout PolicyErrors
    ) throws(Steps.Exhausted) -> Conjunction {
        var checker = TypeChecker(
            schema: schema, actionTypes: actionTypes, environment: environment, context: requests.context,
            steps: steps)
        let after = try checker.check(parts, after: before)
        steps = checker.steps
        try errors.add(checker.faults, environment, &steps)
        return after
    }
}

/// The errors of one policy, each once although it is found for many kinds of requests.
private struct PolicyErrors {
    private let policy: Text
    private var seen: Set<TypeChecker.Fault> = []
    private var errors: [ValidationError] = []

    init(_ policy: Text) {
        self.policy = policy
    }

    mutating func add(
        _ faults: [TypeChecker.Fault], _ environment: RequestEnvironment?, _ steps: inout Steps
    ) throws(Steps.Exhausted) {
        for fault in faults where seen.insert(fault).inserted {
            try steps.spend(Steps.perError)
            errors.append(
                ValidationError(
                    policy: policy, position: fault.position, reason: fault.reason, environment: environment))
        }
    }

    /// In the order of the text; at one place, in the order in which they were found.
    var sorted: [ValidationError] {
        errors.enumerated()
            .sorted { left, right in
                let (first, second) = (left.element.position, right.element.position)
                return (first.line, first.column, left.offset) < (second.line, second.column, right.offset)
            }
            .map(\.element)
    }
}
