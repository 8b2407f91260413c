// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Foundation
import Glibc
import Kernel

/// Files that say what is backed up, for `--files-from` and its relatives. `-` is standard input.
enum PathFile {
    /// One pattern of a shell a line, without the space around it; lines that begin with `#` are remarks.
    ///
    /// - Throws: `Fault` when it cannot be read.
    static func matches(of file: String) throws -> [String] {
        try lines(of: file).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
            .flatMap { line in
                let found = matches(line)
                if found.isEmpty { Terminal.complain("salus: nothing is called \(TerminalText.harmless(line))") }
                return found
            }
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

    private static func matches(_ pattern: String) -> [String] {
        var found = unsafe glob_t()
        defer { unsafe globfree(&found) }
        guard unsafe glob(pattern, 0, nil, &found) == 0 else { return [] }
        return unsafe (0..<Int(found.gl_pathc)).compactMap { place in
            unsafe found.gl_pathv[place].flatMap { unsafe String(validatingCString: $0) }
        }
    }
}
