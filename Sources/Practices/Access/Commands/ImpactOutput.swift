// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel

/// How the commands show what would be different.
enum ImpactOutput {
    /// Prints every difference.
    static func show(_ impact: Impact, isJSON: Bool) throws {
        if isJSON {
            Terminal.json(.object(members(impact)))
            return
        }
        for (line, count) in sorted(impact) {
            Terminal.line(
                TerminalText.harmless(
                    "\(word(line.change)): \(line.who.reference) \(line.title) (\(line.thing.words(count)))"))
        }
        let later = impact.later.sorted {
            ($0.key.from, $0.key.line.who.reference, $0.key.line.action)
                < ($1.key.from, $1.key.line.who.reference, $1.key.line.action)
        }
        for (change, count) in later {
            let line = change.line
            Terminal.line(
                TerminalText.harmless(
                    """
                    from \(change.from.rfc3339) \(word(line.change)): \(line.who.reference) \(line.title) \
                    (\(line.thing.words(count)))
                    """))
        }
        Terminal.line(impact.sentence)
        for (from, sentence) in impact.laterSentences { Terminal.line("from \(from.rfc3339): \(sentence)") }
        Terminal.line(
            "\(impact.decisions) decisions compared, which is all: \(impact.people) people, \(impact.patients) patients"
        )
        if impact.isSensitive {
            Terminal.line("In the console somebody else than the author would have to approve this.")
        }
        if !impact.harmed.isEmpty || !impact.harmedLater.isEmpty {
            Terminal.line(
                "Care would be hindered: people lose charts of patients whom they treat now, or the way to open one in an emergency."
            )
        }
    }

    /// The same for other programs.
    static func members(_ impact: Impact) -> [CanonicalMember] {
        let lines = sorted(impact).map { line, count in CanonicalValue.object(members(line, count)) }
        let later = impact.later.map { change, count in
            (change.from, members(change.line, count) + [.init("from", .string(change.from.rfc3339))])
        }.sorted { ($0.0, "\($0.1)") < ($1.0, "\($1.1)") }.map { CanonicalValue.object($0.1) }
        return [
            .init("complete", .boolean(true)), .init("decisions", .integer(Int64(impact.decisions))),
            .init("differences", .array(lines)), .init("later", .array(later)),
            .init("sensitive", .boolean(impact.isSensitive)),
        ]
    }

    private static func members(_ line: Impact.Line, _ count: Int) -> [CanonicalMember] {
        [
            .init("act", .string(line.action)), .init("change", .string(word(line.change))),
            .init("count", .integer(Int64(count))), .init("on", .string(line.thing.words(count))),
            .init("sensitive", .boolean(line.isSensitive)), .init("hindersCare", .boolean(line.harmsCare)),
            .init("who", .string(line.who.reference)),
        ]
    }

    private static func sorted(_ impact: Impact) -> [(Impact.Line, Int)] {
        impact.lines.sorted { left, right in
            let (one, other) = (left.key, right.key)
            return (word(one.change), one.who.reference, one.action, one.thing.words(left.value))
                < (word(other.change), other.who.reference, other.action, other.thing.words(right.value))
        }.map { ($0.key, $0.value) }
    }

    private static func word(_ change: Impact.Change) -> String {
        switch change {
        case .gained: "gained"
        case .lost: "lost"
        case .shown: "newly shown"
        case .hidden: "newly hidden"
        }
    }
}

extension ImpactDesk {
    /// The impact, with a bar on a terminal.
    func computeWatched(_ text: [UInt8]) async throws -> Impact {
        let bar = TerminalProgress("Comparing", total: 1_000)
        defer { bar.finish() }
        return try await compute(text) { done, size in
            bar.show(size > 0 ? Int64(done) * 1_000 / Int64(size) : 0, "\(done) of \(size) questions")
        }.impact
    }
}
