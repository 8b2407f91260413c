// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Kernel

/// Parts of rules in the clinic's words, as far as they are known; all else stays as it is written.
enum ConditionWords {
    /// What the parts that rules of a clinic use mean, by how the engine writes them.
    private static let known = [
        "resource.hasTag(principal.key)": "the records name the person as caring for the patient",
        "resource.getTag(principal.key).from <= context.now": "that care has begun",
        "context.now < resource.getTag(principal.key).until": "that care has not ended",
        "resource has department": "the records say where the patient is",
        "principal in resource.department": "the person works in the department where the patient is",
        "principal.isOnDuty": "the person is on duty",
        "principal.isActive": "the account is in use",
        "principal.hasTag(resource.key)": "the person opened this chart in an emergency",
        "context.now < principal.getTag(resource.key)": "the time of that emergency is not over",
        "context.secondFactor": "the person signed in with a second factor",
        "context.careTeams": "care teams decide who reads charts",
        "resource.by == principal": "it is the person's own",
        "resource has nobodyElse && resource.nobodyElse": "nobody else could",
        "resource.hasProtectedRecords": "the chart holds specially protected records",
        "principal is Person": "the person has an account here",
        "resource is Patient": "it is about a patient",
    ]

    /// A part in words; nil for one that is not known.
    static func words(_ expression: Expression) -> String? {
        if let roles = expression.roles { return "the person is \(roleTitles(roles))" }
        return words("\(expression)")
    }

    /// The same for a part as it is written.
    static func words(_ text: String) -> String? {
        if let words = known[text] { return words }
        if let roles = roles(text) { return "the person is \(roleTitles(roles))" }
        let (head, tail) = (#"context.now < resource.getTag(principal.key).until.offset(duration(""#, #""))"#)
        guard text.hasPrefix(head), text.hasSuffix(tail) else { return nil }
        let length = text.dropFirst(head.count).dropLast(tail.count)
        return "that care has not ended, or not longer ago than \(length.replacing("h", with: " hours"))"
    }

    /// Of `principal in Role::"a" || principal in Role::"b"`, the roles; nil for anything else.
    private static func roles(_ text: String) -> [String]? {
        var roles: [String] = []
        var rest = text[...]
        let (head, tail) = (#"principal in Role::""#, #"" || "#)
        while rest.hasPrefix(head) {
            rest = rest.dropFirst(head.count)
            let role = rest.prefix { $0 != "\"" }
            roles.append(String(role))
            rest = rest.dropFirst(role.count)
            if rest == "\"" { return roles }
            guard rest.hasPrefix(tail) else { return nil }
            rest = rest.dropFirst(tail.count)
        }
        return nil
    }

    /// What a denial says was missing, in words where they are known: `when resource.hasTag(principal.key)`.
    static func missing(_ condition: String) -> String {
        for (prefix, negation) in [("when ", "Not so: "), ("unless ", "But: ")] where condition.hasPrefix(prefix) {
            let part = String(condition.dropFirst(prefix.count))
            return negation + (words(part) ?? part)
        }
        if let roles = roles(condition) { return "Not so: the person is \(roleTitles(roles))" }
        if condition.hasPrefix("principal ") { return "The rule is for other people" }
        if condition.hasPrefix("resource ") { return "The rule is about something else" }
        return condition
    }

    /// `Physician or Nurse`.
    static func roleTitles(_ roles: [String]) -> String {
        roles.map { StaffRole(rawValue: $0)?.title ?? $0 }.joined(separator: " or ")
    }
}
