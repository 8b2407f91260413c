// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Ledger
import Posture
import Web

/// The page behind a row of the board: each measure with how it went, what is counted, and its evidence.
struct PracticePage: Sendable {
    let estate: Estate

    func answer(_ request: PageRequest) async throws -> Answer {
        guard let practice = PracticeName(rawValue: try request.parameter("practice")) else {
            throw Fault(.notFound, "There is no such practice.")
        }
        let board = try await estate.board()
        guard let row = board.rows.first(where: { $0.practice == practice }) else {
            throw Fault(.notFound, "There is no such practice.")
        }
        let chip = StatusChip(Words.chip(row.state)).html
        let content: HTML = """
            \(Breadcrumb([Link("Posture", to: "/")], current: practice.title))
            \(PageHeading(practice.title, lead: "Practice \(practice.number) of ten", actions: chip))
            \(row.lines.isEmpty ? EmptyState("Not measured", text: """
                Salus does not do this practice yet, so nothing is known about it here, and it counts as not measured.
                """).html : try await measures(row, board.at, request))
            """
        return .page(practice.title, content)
    }

    private func measures(_ row: Board.Row, _ now: Instant, _ request: PageRequest) async throws -> HTML {
        let window = TrendWindow(request)
        let steps = try await NextSteps(for: request.visitor, house: estate.house)
        let ends = window.ends(now, in: estate.house.localTime)
        let trend = try await estate.posture.trend(of: row.lines.map(\.measure), at: ends)
        var sections: [HTML] = []
        for line in row.lines { sections.append(try await section(line, now, steps, trend, window)) }
        return "\(window.choice(at: "/posture/\(row.practice.rawValue)"))\(sections)"
    }

    private func section(
        _ line: Board.Line, _ now: Instant, _ steps: NextSteps, _ trend: PostureTrend, _ window: TrendWindow
    ) async throws -> HTML {
        let step: HTML? = steps.of(line, now).map {
            "<p class=\"measure-step\"><strong>\(Words.stepTitle(line))</strong> \($0)</p>"
        }
        let figures: HTML = """
            <div class="measure-now">\(StatusChip(Words.chip(line.state)))<span>\(Words.figures(line, now))</span>\
            \(try await evidence(line))</div>
            """
        let chart = MeasureChart(
            measure: line.measure, points: trend.points(of: line.measure.id), ends: trend.ends, window: window,
            time: estate.house.localTime)
        return PageSection(
            line.measure.title,
            content: """
                \(figures)\(step)\(chart)\
                <details><summary>How this is measured</summary>\(definition(line.measure))</details>
                """
        ).html
    }

    private func evidence(_ line: Board.Line) async throws -> HTML? {
        guard let recorded = line.recorded else { return nil }
        guard let position = try await estate.house.ledger.position(of: recorded.leaf) else {
            return "<span class=\"note\">its place in the log follows within a second</span>"
        }
        return Link("Entry \(position) of the log", to: "/log/\(position)").html
    }

    private func definition(_ measure: Measure) -> DefinitionList {
        var pairs: [(term: String, value: HTML)] = [
            ("Counted", "\(measure.population)"), ("Target", "\(Words.percent(measure.target)) of them"),
            ("A reading is believed for", "\(measure.maximumAge.roughly)"),
            ("At least measured", "\(Words.percent(measure.minimumCoverage)) of them, else nothing is known"),
        ]
        if !measure.populationIsIndependent {
            pairs.append(
                (
                    "How many there are",
                    """
                    Comes from the same source as what was counted: whatever is missing from both would improve the \
                    figure, so this is partly met at best.
                    """
                ))
        }
        pairs += [
            ("Rules that it answers", "\(measure.rules.joined(separator: "; "))"),
            ("Name", "<code>\(measure.id)</code>"),
        ]
        return DefinitionList(pairs)
    }
}
