// SPDX-License-Identifier: Apache-2.0

import Codecs
import Crypto
import Kernel

/// What the log is told about one request of a program: one leaf, however many decisions it asked for.
///
/// Ids stay out of it: a keyed hash takes their place, by which somebody who has the key finds what was asked about
/// a thing that they can name. Lists end where the leaf would become too long, and say how many are left out.
struct EvaluationLeaf {
    private let application: Application
    private let asked: String
    private let key: SymmetricKey
    private var decisions: Int64 = 0
    private var permitted: Int64 = 0
    private var outcomes = ""
    private var policies = Shortened(limit: 40)
    private var subjects = Shortened(limit: 40)
    private var resources = Shortened(limit: 80)
    private var moreOutcomes: Int64 = 0

    /// The longest row of outcomes. With the lists above, and names of at most 60 bytes, a leaf stays below 8 KiB.
    private static let longest = 256

    init(_ application: Application, asked: String, key: SymmetricKey) {
        self.application = application
        self.asked = asked
        self.key = key
    }

    mutating func add(_ verdict: Verdict) {
        decisions += 1
        if verdict.isAllowed { permitted += 1 }
        if outcomes.utf8.count < Self.longest {
            outcomes += verdict.isAllowed ? "p" : "d"
        } else {
            moreOutcomes += 1
        }
        for policy in verdict.policies { policies.add(policy) }
        add(verdict.subject, verdict.resource)
    }

    mutating func add(_ result: SearchResult) {
        decisions += Int64(result.candidates)
        permitted += Int64(result.found.count)
        for policy in result.policies.sorted() { policies.add(policy) }
        add(result.subject, result.resource)
    }

    private mutating func add(_ subject: Party?, _ resource: Party?) {
        if let subject { subjects.add(pseudonym(subject)) }
        if let resource { resources.add(pseudonym(resource)) }
    }

    private func pseudonym(_ party: Party) -> String {
        Hex.encode(HMAC<SHA256>.authenticationCode(for: party.bytes, using: key).prefix(16))
    }

    var fact: Fact {
        var members: [CanonicalMember] = [
            .init("application", .string(application.id.description)), .init("asked", .string(asked)),
            .init("decisions", .integer(decisions)), .init("outcomes", .string(outcomes)),
            .init("permitted", .integer(permitted)),
        ]
        if moreOutcomes > 0 { members.append(.init("moreOutcomes", .integer(moreOutcomes))) }
        for (list, name, more) in [
            (policies, "policies", "morePolicies"), (subjects, "subjects", "moreSubjects"),
            (resources, "resources", "moreResources"),
        ] {
            members.append(.init(name, .array(list.kept.map { .string($0) })))
            if list.more > 0 { members.append(.init(more, .integer(list.more))) }
        }
        return Fact(ApplicationFacts.evaluated, by: application.reference, members)
    }
}

/// A list in which each text stands once, and which ends at a limit.
private struct Shortened {
    let limit: Int
    private(set) var kept: [String] = []
    private var seen: Set<[UInt8]> = []
    /// How many are left out.
    var more: Int64 { Int64(seen.count - kept.count) }

    init(limit: Int) {
        self.limit = limit
    }

    mutating func add(_ text: String) {
        guard seen.insert(Array(text.utf8)).inserted, kept.count < limit else { return }
        kept.append(text)
    }
}
