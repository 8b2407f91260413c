// SPDX-License-Identifier: Apache-2.0

import Building
import CedarPolicy
import Kernel
import Ledger
import Store
import Web

/// The rules in plain words: all of them, and each by itself, where the log's entries lead.
struct RulePages: Sendable {
    let house: House
    let rules: RuleAuthorizer

    /// Where the list is, and what it is called: other rules than these stand under `DraftPages`.
    static let path = "/access/rules"
    static let title = "Rules in force"

    func add(to site: inout Site) {
        site.get(Self.path, AccessActions.readRules) { _ in try await list() }
        site.get("/access/rules/{rule}", AccessActions.readRules) { request in try await rule(request) }
    }

    private func list() async throws -> Answer {
        let inForce = try await house.store.read { [rules] tx in try RulesInForce(rules.shelf, in: tx) }
        let use = try await ruleUse()
        let rows: [[HTML]] = inForce.book.policies.policies.map { policy in
            let rule = RuleDescription(policy, in: inForce.book)
            return [
                "\(Link(rule.title, to: Self.path(rule.id)))", "\(policy.effect.word)", "\(rule.who)",
                Self.list(rule.what), "\(grouped(use.counts[rule.id] ?? 0))",
            ]
        }
        let count = inForce.book.policies.policies.count
        let content: HTML = """
            \(Breadcrumb([Link("Access", to: "/access")], current: Self.title))
            \(PageHeading(Self.title,
                lead: "Who may do what here. All that no rule allows is refused, and a rule that forbids wins.",
                actions: Link(DraftPages.title, to: DraftPages.path, style: .secondary).html))
            \(try await version(inForce.origin))
            \(PageSection("Every rule", note: "\(count) rules", content: DataTable(
                caption: "Rules in force",
                columns: [
                    .init("Rule"), .init("Effect"), .init("Who"), .init("May do, or may not"),
                    .init("Decided", isNumber: true),
                ], rows: rows, filterName: "rules",
                empty: EmptyState("No rules", text: "Nobody may do anything but run the machine.")).html))
            <p class="note">\(counted(use))</p>
            """
        return .page(Self.title, content)
    }

    private func rule(_ request: PageRequest) async throws -> Answer {
        let id = try request.parameter("rule")
        let (inForce, former) = try await house.store.read { [rules] tx in
            let inForce = try RulesInForce(rules.shelf, in: tx)
            return (inForce, inForce.book[Text(id)] == nil ? try tx.formerRule(Text(id)) : nil)
        }
        guard let policy = inForce.book[Text(id)] ?? former?.policy else {
            throw Fault(.notFound, "No rule of this clinic has, or had, that name.")
        }
        let rule = RuleDescription(policy, in: former?.book ?? inForce.book)
        let use = try await ruleUse()
        let content: HTML = """
            \(Breadcrumb([Link("Access", to: "/access"), Link(Self.title, to: Self.path)], current: rule.title))
            \(PageHeading(rule.title, lead: "\(policy.effect.word). The log names it \(rule.id)."))
            \(former.map { Self.former($0.book.version) })
            \(DefinitionList(particulars(rule, use)))
            \(PageSection("As it is written", content: CodeBlock("\(policy)", label: "Cedar policy \(rule.id)").html))
            """
        return .page(rule.title, content)
    }

    private func particulars(_ rule: RuleDescription, _ use: RuleUse) -> [(term: String, value: HTML)] {
        var pairs: [(term: String, value: HTML)] = [
            ("Who", "\(rule.who)"), ("May do, or may not", Self.list(rule.what)), ("To what", "\(rule.which)"),
        ]
        let conditions: [HTML] = rule.conditions.map { condition in
            let words: HTML = condition.words.map { "\($0)" } ?? "<code>\(condition.text)</code>"
            return condition.kind == .when ? "<li>If \(words)</li>" : "<li>Unless \(words)</li>"
        }
        if !conditions.isEmpty { pairs.append(("When", "<ul class=\"plain-list\">\(conditions)</ul>")) }
        if !rule.masks.isEmpty {
            pairs.append(("Leaves out", "<code>\(rule.masks.joined(separator: ", "))</code>"))
        }
        if let otherwise = rule.policy.annotation("otherwise")?.string {
            pairs.append(("Tells whom it keeps out", "\(otherwise)"))
        }
        let decided = "\(grouped(use.counts[rule.id] ?? 0)) times."
        pairs.append(("Decided", "\(decided) <span class=\"note\">\(counted(use))</span>"))
        return pairs
    }

    private func version(_ origin: RulesInForce.Origin) async throws -> HTML {
        switch origin {
        case .program:
            return Callout(
                .info, "These are the rules that came with Salus",
                content: "The clinic has put no rules of its own in force."
            ).html
        case .clinic(let version, let proposed, let author, let isBuiltIn):
            let name = try await name(of: author)
            let same = isBuiltIn ? " It says the same as the rules that came with Salus." : ""
            return Callout(
                .info, "Version \(version) of the clinic's own rules",
                content: "Proposed by \(name) on \(TimeText(proposed, in: house.localTime)).\(same)"
            ).html
        case .unreadable(let version):
            return Callout(
                .danger, "Version \(version) of the clinic's rules cannot be read",
                content: "The rules that came with Salus hold meanwhile. Tell your IT lead."
            ).html
        }
    }

    private func name(of author: Identifier<Kernel.Person>?) async throws -> String {
        guard let author else { return "an operator on the machine" }
        return try await house.directory.person(author)?.name ?? "a person who is no longer here"
    }

    private static func former(_ version: Int64) -> HTML {
        let from = version == 0 ? "the rules that came with Salus" : "version \(version) of the clinic's rules"
        return Callout(
            .warning, "This rule is not in force now", content: "It is shown as it stands in \(from)."
        ).html
    }

    private func ruleUse() async throws -> RuleUse {
        try await house.ledger.settle()
        return try await RuleUse(house.ledger, until: house.clock.now())
    }

    private func counted(_ use: RuleUse) -> String {
        let since = house.localTime.text(use.since)
        let window = use.isWhole ? "in the last \(RuleUse.days) days" : "since \(since), as far as this page looks back"
        return """
            How often entries of the evidence log name the rule, \(window). Looking at pages about the clinic leaves no \
            entry and is not counted.
            """
    }

    /// Where the page of a rule is.
    static func path(_ id: String) -> String {
        "\(path)/\(PercentCoding.encode(id))"
    }

    private static func list(_ items: [String]) -> HTML {
        guard items.count > 1 else { return "\(items.first)" }
        let list: [HTML] = items.map { "<li>\($0)</li>" }
        return "<ul class=\"plain-list\">\(list)</ul>"
    }
}

extension Effect {
    /// `Allows` or `Forbids`.
    var word: String {
        switch self {
        case .permit: "Allows"
        case .forbid: "Forbids"
        }
    }
}
