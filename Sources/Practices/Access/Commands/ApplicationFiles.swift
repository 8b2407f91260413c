// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Foundation
import Kernel

/// The files of an application's own rules.
struct ApplicationFiles: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("What there is to ask about, in the Cedar syntax.", valueName: "file"))
    var schema: String?

    @Option(help: ArgumentHelp("The policies, in the Cedar syntax.", valueName: "file"))
    var policies: String?

    @Option(help: ArgumentHelp("What is known, a JSON array of entities.", valueName: "file"))
    var entities: String?

    /// Whether none was named.
    var isEmpty: Bool { schema == nil && policies == nil && entities == nil }

    /// The texts, those of files that were not named from `known`.
    ///
    /// - Throws: `Fault` for a file that cannot be read or a text that is nowhere.
    func texts(over known: PolicyTexts? = nil) throws -> PolicyTexts {
        guard known != nil || (schema != nil && policies != nil) else {
            throw Fault(.invalidInput, "Name the files of --schema and --policies, or say --house.")
        }
        var texts = known ?? PolicyTexts(schema: [], policies: [], entities: Array("[]".utf8))
        for part in PolicyTexts.Part.allCases {
            if let path = path(of: part) { texts[part] = try Self.read(path, limit: part.limit) }
        }
        return texts
    }

    /// Runs `work`, and ends the command with `file:line:column: reason` when a text is wrong.
    ///
    /// - Throws: `ExitCode` 1 then, and what `work` throws.
    func complaining<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as PolicyTextError {
            let file = path(of: error.part) ?? "<the \(error.part.rawValue) that Salus holds>"
            Terminal.complain("\(file):\(error.line):\(error.column): \(error.reason)")
            throw ExitCode.failure
        }
    }

    private func path(of part: PolicyTexts.Part) -> String? {
        switch part {
        case .schema: schema
        case .policies: policies
        case .entities: entities
        }
    }

    private static func read(_ path: String, limit: Int) throws -> [UInt8] {
        let file = FileHandle(forReadingAtPath: path)
        // One byte more than is allowed, so that a longer file is refused and not cut.
        guard let file, let data = try? file.read(upToCount: limit + 1) ?? Data() else {
            throw Fault(.invalidInput, "A file cannot be read: \(path)")
        }
        return Array(data)
    }
}
