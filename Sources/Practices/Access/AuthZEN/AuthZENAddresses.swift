// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Crypto
import Kernel
import Ledger
import Store
import Web

/// The addresses at which other programs ask (OpenID AuthZEN Authorization API 1.0, section "HTTPS JSON Binding").
struct AuthZENAddresses: Sendable {
    let house: House
    let rules: RuleAuthorizer
    let desk: ApplicationDesk
    /// Makes the pseudonyms of what is asked about.
    let key: SymmetricKey
    private let turns = SearchTurns()

    private let longestSearch: Duration

    /// - Parameter longestSearch: how long a search may take, with its waiting for other work.
    init(
        house: House, rules: RuleAuthorizer, desk: ApplicationDesk, key: SymmetricKey,
        longestSearch: Duration = .seconds(10)
    ) {
        (self.house, self.rules, self.desk, self.key) = (house, rules, desk, key)
        self.longestSearch = longestSearch
    }

    func add(to site: inout Site) {
        site.program("GET", "/.well-known/authzen-configuration", AccessActions.discover) { try Self.metadata($0) }
        site.program("POST", "/access/v1/evaluation", AccessActions.evaluate) { try await evaluation($0) }
        site.program("POST", "/access/v1/evaluations", AccessActions.evaluate) { try await evaluations($0) }
        for kind in [SearchQuestion.Kind.subject, .resource, .action] {
            site.program("POST", "/access/v1/search/\(kind.rawValue)", AccessActions.evaluate) { request in
                try await search(request, kind)
            }
        }
    }

    private func evaluation(_ request: PageRequest) async throws -> Answer {
        try await one(PartialQuestion(try Self.message(request)).complete(), of: request, asked: "evaluation")
    }

    private func evaluations(_ request: PageRequest) async throws -> Answer {
        let root = try Self.message(request)
        guard let batch = try Batch(root) else {
            return try await one(PartialQuestion(root).complete(), of: request, asked: "evaluations")
        }
        let rules = try await answering(request)
        var leaf = EvaluationLeaf(rules.application, asked: "evaluations", key: key)
        var verdicts: [CanonicalValue] = []
        for question in batch.questions {
            let verdict: Verdict
            do {
                let explaining = rules.explains(verdicts.count, of: batch.questions.count)
                verdict = try await rules.decide(try question.get(), explaining: explaining)
            } catch let fault as Fault where fault.code == .invalidInput {
                verdict = .failure(fault.message)
            }
            leaf.add(verdict)
            verdicts.append(verdict.json)
            if batch.semantic.ends(after: verdict.isAllowed) { break }
        }
        return try await answer(["evaluations": .array(verdicts)], leaf, rules.application)
    }

    private func one(
        _ question: EvaluationQuestion, of request: PageRequest, asked: String
    ) async throws -> Answer {
        let rules = try await answering(request)
        let verdict = try await rules.decide(question, explaining: true)
        var leaf = EvaluationLeaf(rules.application, asked: asked, key: key)
        leaf.add(verdict)
        return try await answer(verdict.json, leaf, rules.application)
    }

    private func search(_ request: PageRequest, _ kind: SearchQuestion.Kind) async throws -> Answer {
        let root = try Self.message(request)
        let question = try SearchQuestion(root, kind)
        let rules = try await answering(request)
        let page = try ResultPage(root, scope: "\(rules.application.id) \(kind.rawValue)")
        let result = try await turns.take(rules.application.id) {
            try await rules.search(question, until: SearchDeadline(longestSearch))
        }
        var leaf = EvaluationLeaf(rules.application, asked: "search-\(kind.rawValue)", key: key)
        leaf.add(result)
        var members: [CanonicalMember] = []
        var found = result.found[...]
        if let page {
            let part = page.take(result.found)
            found = part.results
            members.append(.init("page", part.page))
        }
        members.append(.init("results", .array(found.map { question.result($0, masks: result.masks[$0]) })))
        return try await answer(.object(members), leaf, rules.application)
    }

    /// Answers once the leaf is committed: nobody acts on a decision that the log does not know. In the space that is
    /// kept for care none is: a program that goes on asking would use it up.
    private func answer(
        _ value: CanonicalValue, _ leaf: EvaluationLeaf, _ application: Application
    ) async throws -> Answer {
        let fact = leaf.fact
        try await house.ledger.requireRoom()
        try await house.store.write { tx in
            try tx.record(fact)
            try tx.noteUse(of: application)
        }
        return try Self.json(value)
    }
}

// What comes and what goes.
extension AuthZENAddresses {
    /// A message is at most as long as the console reads; it can be no deeper and hold no more than this.
    private static let limits = JSONLimits(bytes: WebServer.bodyLimit, depth: 32, values: 32_768)

    /// The JSON object that a program sent.
    private static func message(_ request: PageRequest) throws -> JSONNode {
        let type =
            request.contentType?.utf8.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") } ?? "".utf8[...]
        guard String(type)?.lowercased() == "application/json" else {
            throw Fault(.invalidInput, "Send the question as `Content-Type: application/json`.")
        }
        guard !request.body.isEmpty else { throw Fault(.invalidInput, "The body is empty: send a JSON object.") }
        let root: JSONNode
        do throws(JSONError) {
            root = try JSONDocument.parse(request.body, limits: limits).root
        } catch {
            throw Fault(.invalidInput, "The body is no JSON that can be read: \(error).")
        }
        guard root.kind == .object else { throw Fault(.invalidInput, "The body must be a JSON object.") }
        return root
    }

    private static func json(_ value: CanonicalValue) throws -> Answer {
        Answer(body: .bytes(try value.encode(), mediaType: "application/json"))
    }

    /// Where each question is asked (section "Policy Decision Point Metadata").
    private static func metadata(_ request: PageRequest) throws -> Answer {
        let isHost = request.authority.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: ".-:[]_".utf8.contains(byte)
            }
        }
        guard isHost, !request.authority.isEmpty else {
            throw Fault(.invalidInput, "Say by which host and port you reach Salus: the Host header is not one.")
        }
        let base = "https://\(request.authority)"
        return try json([
            "policy_decision_point": .string(base),
            "access_evaluation_endpoint": .string("\(base)/access/v1/evaluation"),
            "access_evaluations_endpoint": .string("\(base)/access/v1/evaluations"),
            "search_subject_endpoint": .string("\(base)/access/v1/search/subject"),
            "search_resource_endpoint": .string("\(base)/access/v1/search/resource"),
            "search_action_endpoint": .string("\(base)/access/v1/search/action"),
        ])
    }
}

// Who answers.
extension AuthZENAddresses {
    /// The rules by which an application is answered: its own, or the house's.
    struct Answering {
        let application: Application
        fileprivate let rules: Either

        fileprivate enum Either {
            case own(OwnRules)
            case house(HouseRules)
        }

        func decide(_ question: EvaluationQuestion, explaining: Bool) async throws -> Verdict {
            switch rules {
            case .own(let rules): try rules.decide(question, explaining: explaining)
            case .house(let rules): try await rules.decide(question, explaining: explaining)
            }
        }

        /// Whether the policy that came nearest is looked for in the answer at `place` of `count`: that takes longer than
        /// the decision, and about the house several times as long.
        func explains(_ place: Int, of count: Int) -> Bool {
            switch rules {
            case .own: place < 100
            case .house: count <= 5
            }
        }

        func search(_ question: SearchQuestion, until deadline: SearchDeadline) async throws -> SearchResult {
            switch rules {
            case .own(let rules): try rules.search(question, until: deadline)
            case .house(let rules): try await rules.search(question, until: deadline)
            }
        }
    }

    private func answering(_ request: PageRequest) async throws -> Answering {
        guard case .application(let reference) = request.visitor,
            let application = Identifier<Application>(reference.id).flatMap(rules.applications.application)
        else { throw Fault(.notSignedIn, "Send the bearer token of an application that Salus knows.") }
        guard !application.asksHouse else {
            return Answering(
                application: application,
                rules: .house(HouseRules(rules: rules, honoursMasks: application.honoursMasks)))
        }
        let store = try await rules.applications.rules(of: application, from: desk)
        return Answering(application: application, rules: .own(OwnRules(store, of: application)))
    }
}

extension SearchQuestion {
    /// One of the results, as the interface has it: what must be left out stands in its properties (section 5, where
    /// each of the three kinds may have some).
    fileprivate func result(_ found: String, masks: [String]?) -> CanonicalValue {
        var members: [CanonicalMember]
        switch target {
        case .subjects(let type, _, _), .resources(_, _, let type):
            members = [.init("id", .string(found)), .init("type", .string(type))]
        case .actions: members = [.init("name", .string(found))]
        }
        if let masks { members.append(.init("properties", ["masks": .array(masks.map { .string($0) })])) }
        return .object(members)
    }
}
