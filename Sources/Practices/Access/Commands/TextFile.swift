// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import CedarPolicy
import Foundation
import Kernel

/// A file that a command was given, and what is said of places in it.
struct TextFile {
    let path: String
    let bytes: [UInt8]

    /// Larger files are refused before they are read.
    private static let largest = 256 << 20

    /// Reads a file; `-` is the standard input.
    ///
    /// - Throws: `Fault` when it cannot be read or is too large.
    init(_ path: String) throws {
        self.path = path == "-" ? "<standard input>" : path
        let file = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
        guard let data = try? file?.read(upToCount: Self.largest + 1) ?? Data(), file != nil else {
            throw Fault(.invalidInput, "\(TerminalText.harmless(path)) cannot be read: \(Self.hindrance(path)).")
        }
        guard data.count <= Self.largest else {
            throw Fault(.invalidInput, "\(TerminalText.harmless(path)) is larger than \(Self.largest) bytes.")
        }
        bytes = Array(data)
    }

    private static func hindrance(_ path: String) -> String {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            return "there is no such file"
        }
        return attributes[.type] as? FileAttributeType == .typeDirectory ? "it is a folder" : "you may not read it"
    }

    /// What is wrong at a place, as compilers say it: the file, line and column, the reason, the line and a caret.
    func complaint(_ reason: String, line: Int, column: Int) -> String {
        // Nobody wrote the context that was not given: what is wrong is one of the options.
        if path == Self.noContext.path {
            return "The request does not fit the schema: \(TerminalText.harmless(reason))"
        }
        let head = "\(TerminalText.harmless(path)):\(line):\(column): \(TerminalText.harmless(reason))"
        guard let excerpt = Excerpt(bytes, line: line, column: column) else { return head }
        return "\(head)\n  \(excerpt.text)\n  \(excerpt.caret)"
    }
}

/// A line of a file, or of a long line a part, with a caret under one place.
private struct Excerpt {
    let text: String
    let caret: String

    /// How many bytes before and after the place are shown.
    private static let reach = 100

    init?(_ bytes: [UInt8], line: Int, column: Int) {
        let lines = bytes.split(separator: 0x0A, maxSplits: line, omittingEmptySubsequences: false)
        guard lines.indices.contains(line - 1), column > 0 else { return nil }
        let content = lines[line - 1]
        let place = min(column - 1, content.count)
        let before = content.prefix(place).suffix(Self.reach)
        let after = content.dropFirst(place).prefix(Self.reach)
        // Each character of the line, whatever it is, becomes one that a terminal shows.
        let shown = Self.show(before)
        text = shown + Self.show(after)
        caret = String(repeating: " ", count: shown.unicodeScalars.count) + "^"
    }

    private static func show(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\t", with: " ")
        return TerminalText.harmless(text.replacingOccurrences(of: "\r", with: " "))
    }
}

extension TextFile {
    /// What stands for a context that was not given.
    static let noContext = TextFile(joining: Array("{}".utf8), path: "<the request>")

    /// A text that was put together from files, each of which was read before.
    init(joining bytes: [UInt8], path: String = "<all files>") {
        self.path = path
        self.bytes = bytes
    }

    /// The schema in the file: JSON when its name ends in `.json`, else in the Cedar syntax.
    ///
    /// - Throws: `ExitCode` 1 after a complaint about what is in it.
    func schema() throws -> Schema {
        try read { try path.hasSuffix(".json") ? Schema(json: $0) : Schema(parsing: $0) }
    }

    /// Reads the content, and ends the command with what is wrong in it.
    ///
    /// - Throws: `ExitCode` 1 after the complaint.
    func read<Content>(_ reading: ([UInt8]) throws -> Content) throws -> Content {
        do {
            return try reading(bytes)
        } catch let error as SyntaxError {
            throw refuse("\(error.reason)", error.position)
        } catch let error as SchemaError {
            throw refuse("\(error.reason)", error.position)
        } catch let error as DataError {
            throw refuse("\(error.reason)", error.position)
        }
    }

    private func refuse(_ reason: String, _ position: Position) -> ExitCode {
        Terminal.complain(complaint(reason, line: position.line, column: position.column))
        return .failure
    }
}
