// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// A text file that says which commands to run, what they must answer, and with which status.
///
///     # A comment.
///     -- name --            a file of this name, up to a line that is just `--`
///     $ salus status        a line of shell; what follows is standard output, in which
///     ...                   a line of its own stands for any lines,
///     People: ...           and within a line for any text;
///     ! salus: no           standard error, in the same way;
///     ? 1                   the exit status, 0 where it is not said.
struct Script: Sendable, CustomTestStringConvertible {
    /// Its name without the folder.
    let name: String
    /// What is in it, from top to bottom.
    let steps: [Step]

    var testDescription: String { name }

    enum Step: Sendable {
        case file(name: String, text: String)
        case command(Command)
    }

    /// One command with what it must answer.
    struct Command: Sendable {
        let line: Int
        let text: String
        var output: [String] = []
        var errors: [String] = []
        var status: Int32 = 0
    }

    /// All scripts beside this file.
    static let all: [Script] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Scripts").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".txt") }.sorted().compactMap { name in
            (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)).map { Script(name, $0) }
        }
    }()

    init(_ name: String, _ text: String) {
        self.name = name
        var steps: [Step] = []
        var open: Command?
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
        var number = 0
        while let line = lines.popFirst() {
            number += 1
            if line.hasPrefix("#") { continue }
            if line.hasPrefix("-- "), line.hasSuffix(" --") {
                let content = lines.prefix { $0 != "--" }
                open.map { steps.append(.command($0)) }
                open = nil
                lines = lines.dropFirst(content.count + 1)
                number += content.count + 1
                let file = String(line.dropFirst(3).dropLast(3))
                steps.append(.file(name: file, text: content.map { $0 + "\n" }.joined()))
            } else if line.hasPrefix("$ ") {
                open.map { steps.append(.command($0)) }
                open = Command(line: number, text: String(line.dropFirst(2)))
            } else if line.hasPrefix("? ") {
                open?.status = Int32(line.dropFirst(2)) ?? -1
            } else if line.hasPrefix("! ") {
                open?.errors.append(String(line.dropFirst(2)))
            } else {
                open?.output.append(line)
            }
        }
        open.map { steps.append(.command($0)) }
        self.steps = steps
    }
}

/// Compares what was said with what was expected.
enum Expectation {
    /// Whether `text` is what `expected` says, with `...` for anything; blank lines at the end do not count.
    static func isMet(_ expected: [String], by text: String) -> Bool {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return matches(trimmed(expected)[...], trimmed(lines)[...])
    }

    private static func trimmed(_ lines: [String]) -> [String] {
        var lines = lines
        while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
        return lines
    }

    private static func matches(_ expected: ArraySlice<String>, _ lines: ArraySlice<String>) -> Bool {
        guard let first = expected.first else { return lines.isEmpty }
        if first == "..." {
            return (0...lines.count).contains { matches(expected.dropFirst(), lines.dropFirst($0)) }
        }
        guard let line = lines.first, fits(first, line) else { return false }
        return matches(expected.dropFirst(), lines.dropFirst())
    }

    /// Whether one line fits, with `...` for any text.
    static func fits(_ pattern: String, _ line: String) -> Bool {
        let parts = pattern.components(separatedBy: "...")
        guard parts.count > 1 else { return pattern == line }
        guard line.hasPrefix(parts[0]) else { return false }
        var rest = line.dropFirst(parts[0].count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.range(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.hasSuffix(parts[parts.count - 1])
    }
}
