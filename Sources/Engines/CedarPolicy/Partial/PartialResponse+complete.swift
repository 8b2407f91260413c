// SPDX-License-Identifier: Apache-2.0

extension PartialResponse {
    /// The answer now that all is known: what `PolicySet.decide` says of the same request and data
    /// (Cedar specification, "TPE": reauthorization).
    ///
    /// All entities are looked at to see that they fit the schema.
    ///
    /// - Throws: `PartialError` when the request or the data do not fit the schema, or are not those that were partly
    ///   known.
    public func reauthorize(_ request: Request, _ entities: Entities) throws(PartialError) -> Response {
        do throws(ConformanceError) {
            try schema.validate(request)
        } catch {
            throw .request(error)
        }
        guard self.request.matches(request) else { throw .otherRequest }
        try schema.validate(entities)
        if let other = self.entities.firstMismatch(entities) { throw .otherEntity(other) }
        return complete(Evaluator(request: request, entities: entities))
    }

    private func complete(_ evaluator: Evaluator) -> Response {
        var satisfied: [Effect: [Text]] = [:]
        var errors: [PolicyError] = []
        for policy in policies {
            do throws(EvaluationError.Reason) {
                if try evaluator.isSatisfied(policy) {
                    satisfied[policy.policy.effect, default: []].append(policy.policy.id)
                }
            } catch {
                let first =
                    evaluator.error(of: policy.policy)
                    ?? EvaluationError(
                        reason: error, position: policy.policy.position)
                errors.append(PolicyError(policy: policy.policy.id, error: first))
            }
        }
        return Response(permits: satisfied[.permit] ?? [], forbids: satisfied[.forbid] ?? [], errors: errors)
    }

    /// Whether a request is allowed, of which this is what was partly known.
    func allows(_ evaluator: Evaluator) -> Bool {
        if let decision { return decision == .allow }
        if isAnySatisfied(.forbid, evaluator) { return false }
        return !permits.satisfied.isEmpty || isAnySatisfied(.permit, evaluator)
    }

    private func isAnySatisfied(_ effect: Effect, _ evaluator: Evaluator) -> Bool {
        (undecided[effect] ?? []).contains { policy in
            do throws(EvaluationError.Reason) {
                return try evaluator.isSatisfied(policy)
            } catch {
                return false
            }
        }
    }
}

extension Evaluator {
    /// Why a policy cannot be evaluated: its first part that has no value, which what is left of it need not have.
    fileprivate func error(of policy: Policy) -> EvaluationError? {
        do throws(EvaluationError) {
            _ = try isSatisfied(policy)
            return nil
        } catch {
            return error
        }
    }
}
