// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Ledger
import Posture
import Web

/// The first page: how things stand, in one sentence and ten rows; and a page behind each row.
struct PosturePages: Sendable {
    let estate: Estate
    /// Where work may wait for whoever looks.
    let places: [NavigationPlace]

    func add(to site: inout Site) {
        site.get("/", ConsoleActions.readPosture) { request in try await board(request) }
        site.get("/posture/{practice}", ConsoleActions.readPosture) { request in try await practice(request) }
    }

    private func read() async throws -> Board {
        Board(
            probes: estate.posture.probes, newest: try await estate.posture.newest(), now: estate.house.clock.now())
    }

    private func board(_ request: PageRequest) async throws -> Answer {
        let board = try await read()
        let trends = try await trends(board)
        let steps = try await NextSteps(for: request.visitor, house: estate.house)
        let basis: HTML = """
            Computed \(TimeText(board.at, in: estate.house.localTime)) from readings in the \(Link("evidence log", to: "/log")). \
            What nobody measured is never counted as good.
            """
        let content: HTML = """
            \(PostureSentence(board.sentence, state: Words.chip(board.overall), basis: basis))
            \(today(board, steps, try await waiting(for: request.visitor)))
            \(TrustStrip("Can this page be trusted?", board.platform.map { trustFact($0, board.at) }))
            \(PageSection("Ten practices", content: PostureBoard(board.rows.map { row($0, board.at, trends, steps) }).html))
            """
        return .page("Posture", content)
    }

    /// What waits for this visitor more than for others, with the way there.
    private func waiting(for visitor: Visitor) async throws -> [HTML] {
        var items: [HTML] = []
        for place in places {
            guard let task = place.task, let amount = await place.amount(for: visitor), amount > 0,
                try await place.isOpen(to: visitor, estate.house)
            else { continue }
            let link = Link("Open \(place.title)", to: place.path)
            items.append("<li><span>\(task(amount)) <span class=\"nowrap\">\(link)</span></span></li>")
        }
        return items
    }

    /// What wants doing today: what waits for the reader, then at most three things of the board, the worst first.
    private func today(_ board: Board, _ steps: NextSteps, _ own: [HTML]) -> HTML {
        var items: [HTML] = board.platform.compactMap { line in
            steps.of(line, board.at).map { "<li><span>\($0)</span></li>" }
        }
        let rows = [PostureState.notMet, .partial, .unknown].flatMap { state in board.rows.filter { $0.state == state }
        }
        for row in rows {
            for line in row.lines {
                guard let step = steps.of(line, board.at) else { continue }
                let link = Link(row.practice.title, to: "/posture/\(row.practice.rawValue)")
                items.append("<li><span>\(link): \(step)</span></li>")
            }
        }
        let all = own + items.prefix(3)
        guard !all.isEmpty else { return "" }
        return PageSection("What to do next", content: "<ol class=\"next-list\">\(all)</ol>").html
    }

    private func trustFact(_ line: Board.Line, _ now: Instant) -> TrustStrip.Fact {
        TrustStrip.Fact(
            line.measure.title, state: Words.chip(line.state), detail: Words.check(line, now))
    }

    private func row(
        _ row: Board.Row, _ now: Instant, _ trends: [PracticeName: TrendBand], _ steps: NextSteps
    ) -> PostureRow {
        let worst = row.lines.first { $0.state == row.state } ?? row.lines.first
        return PostureRow(
            number: row.practice.number, title: row.practice.title, path: "/posture/\(row.practice.rawValue)",
            chip: StatusChip(Words.chip(row.state)), coverage: worst.flatMap(Words.coverage),
            trend: trends[row.practice],
            source: worst.map { Words.source($0, now) } ?? "Salus does not measure this yet",
            next: worst.flatMap { steps.of($0, now) })
    }

    /// The state of each practice at the end of each of the last thirty days.
    private func trends(_ board: Board) async throws -> [PracticeName: TrendBand] {
        var trends: [PracticeName: TrendBand] = [:]
        for row in board.rows where !row.lines.isEmpty {
            var histories: [(Measure, [RecordedReading])] = []
            for line in row.lines {
                let since = board.at.advanced(by: .days(-31))
                histories.append((line.measure, try await estate.posture.history(of: line.measure, since: since)))
            }
            let days = (0..<30).map { day in
                let end = board.at.advanced(by: .days(Int64(day) - 29))
                return Words.chip(
                    .combining(
                        histories.map { measure, readings in
                            .of(measure, readings.last { $0.reading.collectedAt <= end }?.reading, now: end)
                        }))
            }
            trends[row.practice] = TrendBand(days, label: "\(row.practice.title), last 30 days")
        }
        return trends
    }

    private func practice(_ request: PageRequest) async throws -> Answer {
        guard let practice = PracticeName(rawValue: try request.parameter("practice")) else {
            throw Fault(.notFound, "There is no such practice.")
        }
        let board = try await read()
        guard let row = board.rows.first(where: { $0.practice == practice }) else {
            throw Fault(.notFound, "There is no such practice.")
        }
        let steps = try await NextSteps(for: request.visitor, house: estate.house)
        var sections: [HTML] = []
        for line in row.lines { sections.append(try await section(line, board.at, steps)) }
        let empty = EmptyState(
            "Not measured", text: "Salus does not do this practice yet, so nothing is known about it here.")
        let content: HTML = """
            \(Breadcrumb([Link("Posture", to: "/")], current: practice.title))
            \(PageHeading(practice.title, lead: "Practice \(practice.number) of ten", actions: StatusChip(Words.chip(row.state)).html))
            \(sections.isEmpty ? [empty.html] : sections)
            """
        return .page(practice.title, content)
    }

    private func section(_ line: Board.Line, _ now: Instant, _ steps: NextSteps) async throws -> HTML {
        var pairs: [(term: String, value: HTML)] = [
            ("State", StatusChip(Words.chip(line.state)).html),
            ("Counted", "\(line.measure.population)"),
            ("Target", "\(Words.percent(line.measure.target)) of them"),
            ("A reading is believed for", "\(line.measure.maximumAge.roughly)"),
            ("Rules", "\(line.measure.rules.joined(separator: "; "))"),
        ]
        if !line.measure.populationIsIndependent {
            pairs.append(
                (
                    "Population",
                    "Not independent: it comes from the same source as what was counted, so this can be partly met at best."
                ))
        }
        if let recorded = line.recorded {
            pairs.append(("Newest reading", Words.figures(line, now)))
            pairs.append(("Evidence", try await evidence(recorded)))
        } else {
            pairs.append(("Newest reading", "None"))
        }
        if let step = steps.of(line, now) { pairs.append(("What to do next", step)) }
        return PageSection(line.measure.title, note: line.measure.id, content: DefinitionList(pairs).html).html
    }

    private func evidence(_ recorded: RecordedReading) async throws -> HTML {
        guard let position = try await estate.house.ledger.position(of: recorded.leaf) else {
            return "Recorded; its place in the log follows within a second"
        }
        return "\(Link("Entry \(position) of the log", to: "/log/\(position)"))"
    }
}
