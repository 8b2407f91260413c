// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Posture
import Web

/// The first page: how things stand, in one sentence and ten rows.
struct PosturePages: Sendable {
    let estate: Estate
    /// Where work may wait for whoever looks.
    let places: Places

    func add(to site: inout Site) {
        site.get("/", ConsoleActions.readPosture) { request in try await board(request) }
        let practice = PracticePage(estate: estate)
        site.get("/posture/{practice}", ConsoleActions.readPosture) { request in try await practice.answer(request) }
    }

    private func board(_ request: PageRequest) async throws -> Answer {
        let (house, window) = (estate.house, TrendWindow(request))
        let board = try await estate.board()
        let ends = window.ends(board.at, in: house.localTime)
        let trend = try await estate.posture.trend(of: estate.posture.probes.map(\.measure), at: ends)
        let steps = try await NextSteps(for: request.visitor, house: house)
        let rows = board.rows.map { row($0, board.at, window.steps(trend.states(of: $0.practice)), window, steps) }
        let basis: HTML = """
            Computed \(TimeText(board.at, in: house.localTime)) from readings in the \(Link("evidence log", to: "/log")). \
            What nobody measured is never counted as good.
            """
        let content: HTML = """
            \(PostureSentence(board.sentence, state: Words.chip(board.overall), basis: basis))
            \(today(board, steps, try await waiting(for: request.visitor)))
            \(TrustStrip("Can this page be trusted?", board.platform.map { trustFact($0, board.at) }))
            \(PageSection("Ten practices", actions: window.choice(at: "/"),
                content: PostureBoard(rows, trendTitle: window.words).html))
            \(trend.isEmpty ? nil : PageSection("How it went",
                content: CountsChart(trend: trend, window: window, time: house.localTime).html).html)
            """
        return .page("Posture", content)
    }

    /// What waits for this visitor more than for others, with the way there.
    private func waiting(for visitor: Visitor) async throws -> [TodayItem] {
        var items: [TodayItem] = []
        for place in try await places.open(to: visitor) {
            guard let task = place.task, let amount = await place.amount(for: visitor), amount > 0 else { continue }
            items.append(TodayItem("\(task(amount))", place: Link("Open \(place.title)", to: place.path)))
        }
        return items
    }

    /// What wants doing today: what waits for the reader, then things of the board, the worst first; three in all.
    private func today(_ board: Board, _ steps: NextSteps, _ own: [TodayItem]) -> HTML {
        var items = board.platform.compactMap { steps.task($0, board.at) }
        for state in [PostureState.notMet, .partial, .unknown] {
            for row in board.rows {
                let about = Link(row.practice.title, to: "/posture/\(row.practice.rawValue)")
                items += row.lines.filter { $0.state == state }.compactMap { steps.task($0, board.at, about: about) }
            }
        }
        let shown = own + items.prefix(max(3 - own.count, 0))
        guard !shown.isEmpty else {
            return PageSection("Today", content: "<p>Nothing wants doing today.</p>").html
        }
        let left = own.count + items.count - shown.count
        let more = left > 0 ? "\(left) more below" : nil
        return PageSection("Today", note: more, content: "<ol class=\"today-list\">\(shown)</ol>").html
    }

    private func trustFact(_ line: Board.Line, _ now: Instant) -> TrustStrip.Fact {
        TrustStrip.Fact(
            line.measure.title, state: Words.chip(line.state), detail: Words.check(line, now))
    }

    private func row(
        _ row: Board.Row, _ now: Instant, _ states: [PostureState], _ window: TrendWindow, _ steps: NextSteps
    ) -> PostureRow {
        let worst = row.lines.first { $0.state == row.state } ?? row.lines.first
        let label = "\(row.practice.title), \(window.words.lowercased())"
        return PostureRow(
            number: row.practice.number, title: row.practice.title, path: "/posture/\(row.practice.rawValue)",
            chip: StatusChip(Words.chip(row.state)), coverage: worst.flatMap(Words.coverage),
            trend: row.lines.isEmpty ? nil : TrendBand(states.map(Words.chip), label: label),
            source: worst.map { Words.source($0, now) } ?? "Salus does not measure this yet",
            next: worst.flatMap { line in
                steps.brief(line, now).map { (Words.stepTitle(line), "\($0) \(steps.place(line))") }
            })
    }
}

extension Estate {
    /// The board as of now.
    func board() async throws -> Board {
        Board(probes: posture.probes, newest: try await posture.newest(), now: house.clock.now())
    }
}
