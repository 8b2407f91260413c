// SPDX-License-Identifier: Apache-2.0

import Archives
import Foundation
import Kernel

/// Cedar's integration tests as its makers publish them: a folder with `corpus-tests.tar.gz`, which was generated, and
/// hand-written tests in `tests`.
package struct CorpusFolder: Sendable {
    private let path: String

    /// Most bytes that the archive may unpack to.
    private static let largestArchive = 1 << 30

    /// The tests in a folder; nothing is read yet.
    package init(_ path: String) {
        self.path = path
    }

    /// Answers every generated test and compares.
    ///
    /// - Parameter progress: is told how many tests are done, and of how many.
    /// - Throws: `Fault` when the archive is missing or damaged.
    package func checkGenerated(progress: (Int, Int) -> Void = { _, _ in }) throws -> CedarTally {
        let archive = try unpack("corpus-tests.tar.gz")
        let names = archive.names.filter { $0.hasSuffix(".json") && !$0.hasSuffix(".entities.json") }
        var tally = CedarTally()
        for (index, name) in names.enumerated() {
            tally.check(name, archive[name] ?? []) { name in
                guard let bytes = archive[name] else { throw Fault(.notFound, "The archive has no file \(name).") }
                return bytes
            }
            progress(index + 1, names.count)
        }
        return tally
    }

    /// Answers every hand-written test and compares.
    ///
    /// - Throws: `Fault` when a file cannot be read.
    package func checkHandWritten() throws -> CedarTally {
        var tally = CedarTally()
        for file in try handWritten() {
            tally.check(file, try read(file), file: read)
        }
        return tally
    }

    /// The policies of each hand-written test.
    ///
    /// - Throws: as `checkHandWritten`, and for a test that is none.
    package func handWrittenPolicies() throws -> [[UInt8]] {
        try handWritten().map { try read(try CedarCase(try read($0)).policies) }
    }

    private func handWritten() throws -> [String] {
        let found = FileManager.default.enumerator(atPath: "\(path)/tests")?.compactMap { $0 as? String } ?? []
        let names = found.filter { $0.hasSuffix(".json") }.sorted()
        guard !names.isEmpty else { throw Fault(.invalidInput, "There are no tests in \(path)/tests.") }
        return names.map { "tests/\($0)" }
    }

    private func read(_ name: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: "\(path)/\(name)") else {
            throw Fault(.invalidInput, "\(path)/\(name) cannot be read.")
        }
        return Array(data)
    }

    private func unpack(_ name: String) throws -> TarArchive {
        let packed = try read(name)
        do {
            if let bytes = try Gunzip.unpack(packed, room: Self.largestArchive) { return try TarArchive(bytes) }
        } catch {
            throw Fault(.unavailable, "\(path)/\(name) is damaged: fetch it again.", cause: error)
        }
        throw Fault(.unavailable, "\(path)/\(name) is larger than \(Self.largestArchive) bytes when unpacked.")
    }
}
