// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel

/// The answer to one question, with its reasons.
struct Verdict: Sendable {
    let isAllowed: Bool
    /// The policies that decided; empty when none permits.
    var policies: [String] = []
    /// Why, for whoever writes policies.
    let reason: String
    /// Why, for the person who was refused.
    var words: String?
    /// What must be left out of what is shown; only the house's rules say such a thing.
    var masks: [String] = []
    /// Whether the question itself was wrong.
    var isFailure = false
    /// Who and what it was about, for the log.
    var subject: Party?
    var resource: Party?

    /// The answer to a question that cannot be asked: a denial.
    static func failure(_ message: String) -> Verdict {
        var verdict = Verdict(isAllowed: false, reason: message)
        verdict.isFailure = true
        return verdict
    }

    /// As the interface has it (AuthZEN Authorization API 1.0, section "Decision"). Reasons are told in the form of
    /// its first example: `reason_admin` and `reason_user` under codes like those of HTTP.
    var json: CanonicalValue {
        ["context": .object(context), "decision": .boolean(isAllowed)]
    }

    private var context: [CanonicalMember] {
        guard !isFailure else {
            return [.init("error", ["message": .string(reason), "status": 400])]
        }
        let code = isAllowed ? "200" : "403"
        var members = [CanonicalMember("reason_admin", .object([.init(code, .string(reason))]))]
        if let words { members.append(.init("reason_user", .object([.init(code, .string(words))]))) }
        if !policies.isEmpty { members.append(.init("policies", .array(policies.map { .string($0) }))) }
        if !masks.isEmpty { members.append(.init("masks", .array(masks.map { .string($0) }))) }
        return members
    }
}

/// Somebody or something that a program named, as the log speaks of it: never by its id.
struct Party: Sendable, Hashable {
    /// Whose ids these are: an application's, or the house's.
    let scope: String
    let type: String
    let id: String

    /// The house's own.
    static let house = "house"

    static func == (left: Self, right: Self) -> Bool { left.bytes == right.bytes }

    func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

    /// What the pseudonym is made of.
    var bytes: [UInt8] {
        Array(scope.utf8) + [0] + Array(type.utf8) + [0] + Array(id.utf8)
    }
}
