// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// What would be different under a draft: a sentence, what must not be overlooked, a drawing, and everybody concerned.
struct ImpactView: Component {
    let impact: Impact
    /// Names of people by id.
    let names: [Identifier<Kernel.Person>: String]
    /// Where the page is, and which part of a long list is shown, from 1.
    let path: String
    let part: Int
    /// How times are said.
    let time: LocalTime

    /// How many people a page lists.
    private static let partSize = 100
    /// How many it lists of those for whom something changes later.
    private static let laterSize = 500

    var html: HTML {
        """
        <p class="impact-sentence">\(impact.sentence)</p><p class="note">\(impact.basis)</p>\
        \(brokenNotice)\(harmNotice)\(laterNotice)\(sensitiveNotice)\(ImpactDrawing(impact: impact))\(list)\(laterList)
        """
    }

    private var brokenNotice: HTML? {
        let words = RuleGate.words(of: impact.broken)
        guard !words.isEmpty else { return nil }
        let items: [HTML] = words.map { "<li>\($0)</li>" }
        return Callout(.danger, "These rules cannot be put in force", content: "<ul>\(items)</ul>").html
    }

    private var harmNotice: HTML? {
        let shut = impact.withoutEmergency.count
        let treating = Set(impact.harmed.keys.filter { $0.action != AccessActions.breakGlass.id }.map(\.who)).count
        guard shut + treating > 0 else { return nil }
        func people(_ count: Int) -> String { count == 1 ? "1 person" : "\(grouped(count)) people" }
        let sight: HTML? =
            treating == 0
            ? nil
            : """
            <p>\(people(treating)) would no longer see charts, or parts of them, of patients whom they treat now: on the \
            care team, in their department, or in an emergency.</p>
            """
        let emergency: HTML? =
            shut == 0
            ? nil
            : """
            <p>\(people(shut)) could no longer open charts in an emergency. A rule that forbids closes that way too, \
            unless it says <code>unless { principal.hasTag(resource.key) }</code>.</p>
            """
        return Callout(
            .danger, "Care would be hindered", content: "\(sight)\(emergency)<p>They are marked below.</p>"
        ).html
    }

    private var laterNotice: HTML? {
        let items: [HTML] = impact.laterSentences.map { from, sentence in
            let harmed = Set(impact.harmedLater.keys.filter { $0.from == from }.map(\.line.who)).count
            let harm: HTML? =
                harmed == 0
                ? nil
                : """
                 <strong>Care would be hindered</strong>: \(harmed == 1 ? "1 person" : "\(grouped(harmed)) people") would \
                no longer see charts of patients whom they treat.
                """
            return "<li>From \(TimeText(from, in: time)): \(sentence)\(harm)</li>"
        }
        guard !items.isEmpty else { return nil }
        return Callout(
            impact.harmedLater.isEmpty ? .warning : .danger, "More changes later",
            content: """
                <p>The rules write these times out. Everybody, every patient and every act was compared as of each of \
                them, with the directory and the records of today.</p><ul>\(items)</ul>\
                <p>\(Link("Who gains and who loses later", to: "#later"))</p>
                """
        ).html
    }

    private var sensitiveNotice: HTML? {
        guard impact.isSensitive else { return nil }
        let roles = Set(impact.possible.map(\.role)).sorted()
        let words = roles.map { role in
            let actions = impact.possible.filter { $0.role == role }.map { ActionWords.title($0.action) }
            return whoever(role) + ": " + Set(actions).sorted().joined(separator: ", ")
        }
        let items: [HTML] = words.map { "<li>\($0)</li>" }
        let widens: HTML? =
            impact.widens
            ? """
            <p>It widens protected records, charts of patients with whom somebody has nothing to do, or the power to \
            give access.</p>
            """
            : nil
        let possible: HTML? =
            words.isEmpty
            ? nil : "<p>Whoever is here today, these would be able to do more:</p><ul>\(items)</ul>"
        let ids: [HTML] = impact.delicateRules.sorted().map { "<li><code>\($0)</code></li>" }
        let delicate: HTML? =
            ids.isEmpty
            ? nil
            : """
            <p>These new, changed or missing rules forbid something, or are about charts or about giving access. What \
            they do for somebody who is not here yet, no comparison shows:</p><ul>\(ids)</ul>
            """
        return Callout(
            .warning, "Another person must approve this", content: "\(widens)\(possible)\(delicate)"
        ).html
    }

    private func whoever(_ role: String) -> String {
        let parts = role.split(separator: Impact.Possible.and).map(String.init)
        if let person = parts.first?.split(separator: Impact.Possible.named, maxSplits: 1).last.map(String.init),
            role.hasPrefix(Impact.Possible.named)
        {
            let name = Identifier<Kernel.Person>(person).flatMap { names[$0] } ?? "Somebody with the key \(person)"
            return parts.count > 1 ? "\(name) as \(parts.dropFirst().map(whoever).joined(separator: " and "))" : name
        }
        if parts.count > 1 { return parts.map(whoever).joined(separator: " and ") + " in one person" }
        return switch role {
        case "": "Somebody without any role"
        case "*": "Somebody who has every role"
        case "Visitor": "Anybody who has not signed in"
        case "Application": "Another program"
        default: StaffRole(rawValue: role)?.title ?? role
        }
    }

    private struct Row {
        let name: String
        let gains: [(Impact.Line, Int)]
        let losses: [(Impact.Line, Int)]

        /// What is most serious comes first.
        var weight: Int {
            losses.contains { $0.0.harmsCare } ? 0 : gains.contains { $0.0.isSensitive } ? 1 : gains.isEmpty ? 3 : 2
        }
    }

    private func rows(_ lines: [(Impact.Line, Int)]) -> [Row] {
        Dictionary(grouping: lines, by: \.0.who).map { who, lines in
            let lines = lines.sorted { ($0.0.title, $0.0.thing.words($0.1)) < ($1.0.title, $1.0.thing.words($1.1)) }
            return Row(
                name: name(of: who), gains: lines.filter { $0.0.change.isGain },
                losses: lines.filter { !$0.0.change.isGain })
        }.sorted { ($0.weight, $0.name) < ($1.weight, $1.name) }
    }

    private func name(of who: Impact.Who) -> String {
        switch who {
        case .person(let id): names[id] ?? id.description
        case .visitor: "Anybody who has not signed in"
        case .application(let id): id.map { "The program \($0)" } ?? "Any other program"
        case .operator(let id): id.map { "Operator \($0)" } ?? "Any operator"
        case .system: "Salus itself"
        }
    }

    private var list: HTML {
        guard !impact.lines.isEmpty else { return "" }
        let rows = self.rows(impact.lines.map { ($0.key, $0.value) })
        let parts = (rows.count + Self.partSize - 1) / Self.partSize
        let part = min(max(part, 1), parts)
        let shown = rows.dropFirst((part - 1) * Self.partSize).prefix(Self.partSize)
        let table = DataTable(
            caption: "Who gains and who loses what",
            columns: [.init("Who"), .init("Gains"), .init("Loses")],
            rows: shown.map { row in
                ["\(row.name)", Self.cell(row.gains, "Nothing"), Self.cell(row.losses, "Nothing")]
            }, filterName: shown.count > 10 ? "impact" : nil)
        let links: [HTML] =
            parts < 2
            ? []
            : (1...parts).map { number in
                number == part ? "<strong>\(number)</strong> " : "\(Link("\(number)", to: "\(path)?part=\(number)")) "
            }
        let pages: HTML? = links.isEmpty ? nil : "<p>Part \(links)of the list</p>"
        return PageSection(
            "Who gains and who loses", note: "\(grouped(rows.count))", id: "who", content: "\(table)\(pages)"
        ).html
    }

    private var laterList: HTML? {
        guard !impact.later.isEmpty else { return nil }
        let times = Dictionary(grouping: impact.later, by: \.key.from).sorted { $0.key < $1.key }
        let rows = times.flatMap { from, later in
            self.rows(later.map { ($0.key.line, $0.value) }).map { (from: from, row: $0) }
        }
        let more = rows.count - Self.laterSize
        let table = DataTable(
            caption: "Who gains and who loses what later",
            columns: [.init("Who"), .init("From"), .init("Gains"), .init("Loses")],
            rows: rows.prefix(Self.laterSize).map { from, row -> [HTML] in
                [
                    "\(row.name)", "\(TimeText(from, in: time))", Self.cell(row.gains, "Nothing"),
                    Self.cell(row.losses, "Nothing"),
                ]
            }, filterName: rows.count > 10 ? "later" : nil)
        let rest: HTML? =
            more > 0 ? "<p>\(grouped(more)) more; <code>salus access rules check</code> lists them.</p>" : nil
        return PageSection(
            "Who gains and who loses later", note: "\(grouped(rows.count))", id: "later", content: "\(table)\(rest)"
        ).html
    }

    private static func cell(_ lines: [(Impact.Line, Int)], _ nothing: String) -> HTML {
        guard !lines.isEmpty else { return "<span class=\"note\">\(nothing)</span>" }
        let worst = lines.contains { $0.0.isSensitive || $0.0.harmsCare }
        let isGain = lines.contains { $0.0.change.isGain }
        let word: String
        if isGain {
            word = worst ? "Sensitive: \(lines.count)" : "\(lines.count)"
        } else {
            word = worst ? "Hinders care: \(lines.count)" : "\(lines.count)"
        }
        let chip = StatusChip(
            worst ? .notMet : isGain ? .unknown : .partial,
            word: lines.count == 1 ? "\(word) change" : "\(word) changes")
        let items: [HTML] = lines.map { line, count in
            let isBad = line.isSensitive || line.harmsCare
            let mark: HTML = isBad ? "<strong>\(line.title)</strong>" : "\(line.title)"
            return "<li>\(mark)<span class=\"note\">\(line.thing.words(count))</span></li>"
        }
        return """
            <details class="impact-detail"><summary>\(chip)</summary><ul>\(items)</ul></details>
            """
    }
}
