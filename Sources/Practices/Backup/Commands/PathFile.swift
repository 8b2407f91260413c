// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Foundation
import Glibc
import Kernel

/// Files that say what is backed up, for `--files-from` and its relatives. `-` is standard input.
enum PathFile {
    /// One pattern of a shell a line, without the space around it; lines that begin with `#` are remarks. What matches
    /// nothing stays as it stands, so that the backup says what is missing.
    ///
    /// - Throws: `Fault` when it cannot be read, or a folder on the way to what it names.
    static func matches(of file: String) throws -> [String] {
        try lines(of: file).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
            .flatMap(paths)
    }

    /// One path a line, as it stands.
    ///
    /// - Throws: `Fault` when it cannot be read.
    static func lines(of file: String) throws -> [String] {
        try parts(of: file, UInt8(ascii: "\n"))
    }

    /// Paths that each end with a zero byte, as `find -print0` lists them.
    ///
    /// - Throws: `Fault` when it cannot be read, or its last path has no end.
    static func raw(_ file: String) throws -> [String] {
        let bytes = try content(of: file)
        guard bytes.isEmpty || bytes.last == 0 else {
            throw Fault(.invalidInput, "\(TerminalText.harmless(file)) does not end with a zero byte: it may be cut.")
        }
        return try parts(of: file, 0, bytes)
    }

    private static func parts(of file: String, _ separator: UInt8, _ bytes: [UInt8]? = nil) throws -> [String] {
        try (bytes ?? content(of: file)).split(separator: separator).enumerated().map { number, part in
            guard let text = String(validating: part, as: UTF8.self), !part.contains(0) else {
                throw Fault(
                    .invalidInput, "Path \(number + 1) of \(TerminalText.harmless(file)) is no UTF-8: name its folder.")
            }
            return text
        }
    }

    private static func content(of file: String) throws -> [UInt8] {
        if file == "-" { return Array(try FileHandle.standardInput.readToEnd() ?? Data()) }
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw Fault(.unavailable, "The file \(TerminalText.harmless(file)) cannot be read.")
        }
        return Array(bytes)
    }

    private static func paths(_ pattern: String) throws -> [String] {
        var found = unsafe glob_t()
        defer { unsafe globfree(&found) }
        // A star stands for names with a dot before them too: a backup leaves out nothing by itself. What is missing the
        // backup says; what cannot be listed would be left out without a word.
        let result = unsafe glob(pattern, GLOB_NOCHECK | GLOB_PERIOD, { $1 == ENOENT ? 0 : 1 }, &found)
        guard result == 0 else {
            throw Fault(
                .unavailable, "What \(TerminalText.harmless(pattern)) names cannot be listed: a folder is not readable."
            )
        }
        return try unsafe (0..<Int(found.gl_pathc)).compactMap { place in
            guard let path = unsafe found.gl_pathv[place] else { return nil }
            guard let text = unsafe String(validatingCString: path) else {
                throw Fault(
                    .invalidInput,
                    "A name that \(TerminalText.harmless(pattern)) matches is no UTF-8: name its folder.")
            }
            return hasDots(text) && !hasDots(pattern) ? nil : text
        }
    }

    /// Whether a step of a path leads to the folder itself or the one around it.
    private static func hasDots(_ path: String) -> Bool {
        path.utf8.split(separator: UInt8(ascii: "/")).contains {
            $0.elementsEqual([0x2E]) || $0.elementsEqual([0x2E, 0x2E])
        }
    }
}
