// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Foundation
import Kernel
import ResticFormat

/// Patterns as people give them.
enum PatternFile {
    /// The patterns in a file: one a line, without the space around it; lines that begin with `#` are remarks.
    static func lines(of path: String) throws -> [String] {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Fault(.unavailable, "The file \(TerminalText.harmless(path)) cannot be read.")
        }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
    }

    /// - Throws: `ValidationError` that names the first pattern that cannot be read.
    static func patterns(_ texts: [String]) throws -> [PathPattern] {
        try texts.map { text in
            guard let pattern = PathPattern(text) else {
                throw ValidationError(
                    "`\(TerminalText.harmless(text))` is no pattern: a bracket has no end, or it is empty.")
            }
            return pattern
        }
    }
}
