// SPDX-License-Identifier: Apache-2.0

import CedarPolicy

extension PolicyStore {
    /// Reads policies and checks them against the schema.
    static func policies(_ bytes: [UInt8], _ schema: Schema) throws(PolicyTextError) -> PolicySet {
        let read: PolicySet
        do throws(SyntaxError) {
            read = try PolicySet(parsing: bytes)
        } catch {
            throw PolicyTextError(.policies, error.reason, at: error.position)
        }
        if let template = read.templates.first {
            let reason = "a template decides nothing: name the entities instead of ?principal and ?resource"
            throw PolicyTextError(.policies, reason, at: template.position)
        }
        let policies = try named(read.policies)
        if let error = schema.validate(policies).errors.first {
            let requests = error.environment.map { " (for \($0))" } ?? ""
            throw PolicyTextError(.policies, "\(error.reason)\(requests)", at: error.position)
        }
        return policies
    }

    /// The policies by their `@id`; those without keep `policy0`, `policy1` and so on, in the order of the text.
    private static func named(_ policies: [Policy]) throws(PolicyTextError) -> PolicySet {
        var named: [Policy] = []
        var taken: Set<Text> = []
        for var policy in policies {
            if let id = policy.annotation("id") {
                guard RuleBook.isProper(id) else {
                    let reason =
                        "an @id has 1 to 60 lower-case letters, digits and hyphens: the log names policies by it"
                    throw PolicyTextError(.policies, reason, at: policy.position)
                }
                policy.id = id
            }
            guard taken.insert(policy.id).inserted else {
                let reason = "another policy has the @id `\(policy.id)`"
                throw PolicyTextError(.policies, reason, at: policy.position)
            }
            named.append(policy)
        }
        do throws(LinkError) {
            return try PolicySet(named)
        } catch {
            throw PolicyTextError(.policies, error)
        }
    }
}
