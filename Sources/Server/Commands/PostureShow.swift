// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Kernel
import Posture

/// `salus posture`: the ten practices, as the board shows them.
struct PostureShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "posture", abstract: "Show how the ten practices stand.",
        discussion: "With --measure every measure that needs no running server is read first.")

    @OptionGroup var house: HouseOptions

    @Flag(help: "Take new readings first.")
    var measure = false

    func run() async throws {
        let (json, measure) = (house.json, measure)
        try await CommandHouse.withEstate(house, for: ConsoleActions.readPosture) { estate in
            if measure { await estate.posture.takeAll() }
            let board = Board(
                probes: estate.posture.probes, newest: try await estate.posture.newest(),
                now: estate.house.clock.now())
            json ? Terminal.json(Self.value(board)) : Self.show(board)
        }
    }

    private static func show(_ board: Board) {
        Terminal.line(board.sentence)
        Terminal.line()
        for row in board.rows {
            let number = row.practice.number < 10 ? " \(row.practice.number)" : "\(row.practice.number)"
            let title = row.practice.title.padding(to: 34)
            Terminal.line("\(number)  \(title)\(row.state.word)")
            for line in row.lines { show(line, board.at) }
        }
        Terminal.line()
        Terminal.line("Can this be trusted?")
        for line in board.platform { show(line, board.at) }
    }

    /// A measure with its state, from how much that is known, and what to do about it.
    private static func show(_ line: Board.Line, _ now: Instant) {
        Terminal.line("      \(line.state.word.padding(to: 14))\(line.measure.title): \(figures(line, now))")
        guard let step = Words.nextStep(line, now) else { return }
        Terminal.line("      \("".padding(to: 14))\(Words.stepTitle(line)): \(Words.firstSentence(step))")
    }

    private static func figures(_ line: Board.Line, _ now: Instant) -> String {
        guard let reading = line.recorded?.reading else { return "no reading yet" }
        let age = now.since(reading.collectedAt)
        let unmeasured = reading.unmeasured > 0 ? " (\(reading.unmeasured) not measured)" : ""
        let expired = now >= reading.expiresAt ? "expired, " : ""
        return """
            \(reading.fulfilling) of \(reading.population) \(line.measure.population)\(unmeasured), \
            \(expired)\(age.roughly) ago, \(reading.source)
            """
    }

    private static func value(_ board: Board) -> CanonicalValue {
        .object([
            .init("at", .integer(board.at.microseconds)),
            .init("sentence", .string(board.sentence)),
            .init(
                "practices",
                .array(
                    board.rows.map { row in
                        .object([
                            .init("practice", .string(row.practice.rawValue)),
                            .init("state", .string(row.state.rawValue)),
                            .init("measures", .array(row.lines.map(value))),
                        ])
                    })),
            .init("platform", .array(board.platform.map(value))),
        ])
    }

    private static func value(_ line: Board.Line) -> CanonicalValue {
        var members: [CanonicalMember] = [
            .init("measure", .string(line.measure.id)), .init("state", .string(line.state.rawValue)),
        ]
        if let reading = line.recorded?.reading {
            members += [
                .init("population", .integer(reading.population)),
                .init("fulfilling", .integer(reading.fulfilling)),
                .init("unmeasured", .integer(reading.unmeasured)),
                .init("collected", .integer(reading.collectedAt.microseconds)),
                .init("expires", .integer(reading.expiresAt.microseconds)),
                .init("source", .string(reading.source)),
            ]
        }
        return .object(members)
    }
}

extension String {
    /// The text with blanks up to `width` characters.
    func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
