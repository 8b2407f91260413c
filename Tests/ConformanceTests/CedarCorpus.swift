// SPDX-License-Identifier: Apache-2.0

import CedarPolicy
import Foundation
import TestSupport
import Testing

/// Cedar's own integration tests: every decision, its reasons and its errors must be the ones expected.
@Suite struct CedarCorpus {
    @Test func everyGeneratedTestIsAnsweredAsExpected() throws {
        guard let folder = Self.folder else { return }
        let archive = try TarArchive(gzip: folder.appending(path: "corpus-tests.tar.gz"))
        let names = archive.files.keys.filter { $0.hasSuffix(".json") && !$0.hasSuffix(".entities.json") }
        var tally = CedarTally()
        let time = try ContinuousClock().measure {
            for name in names.sorted() {
                tally.check(name, try #require(archive[name])) { try #require(archive[$0], "no file \($0)") }
            }
        }
        print("Cedar corpus: \(tally.summary), \(time)")
        #expect(tally.faults.isEmpty, "\(tally.summary)\n\(tally.faults.joined(separator: "\n"))")
        #expect(tally.tests == 7_809 && tally.requests == 62_472)
    }

    @Test func everyHandWrittenTestIsAnsweredAsExpected() throws {
        guard let folder = Self.folder else { return }
        var tally = CedarTally()
        for file in try Self.handWritten(in: folder) {
            tally.check(file.lastPathComponent, Array(try Data(contentsOf: file))) { name in
                Array(try Data(contentsOf: folder.appending(path: name)))
            }
        }
        print("Cedar's hand-written tests: \(tally.summary)")
        #expect(tally.faults.isEmpty, "\(tally.summary)\n\(tally.faults.joined(separator: "\n"))")
        #expect(tally.tests == 22)
    }

    /// The workloads have their schemas as JSON.
    @Test func everyWorkloadKeepsToItsSchema() throws {
        guard let folder = Self.folder else { return }
        var read = 0
        for name in ["gdrive", "github"] {
            let workload = folder.appending(path: "oopsla").appending(path: name)
            let schema = try Schema(json: Array(Data(contentsOf: workload.appending(path: "schema.json"))))
            #expect(try Schema(parsing: schema.description) == schema)
            for file in try FileManager.default.contentsOfDirectory(at: workload, includingPropertiesForKeys: nil)
            where file.path().hasSuffix(".entities.json") {
                #expect(throws: Never.self, "\(file.path())") {
                    try Entities(json: Array(Data(contentsOf: file)), schema: schema)
                }
                read += 1
            }
        }
        #expect(read == 40)
    }

    @Test func policiesCutAtAnyByteAreNeverATrap() throws {
        guard let folder = Self.folder else { return }
        var cuts = 0
        var refused = 0
        for file in try Self.handWritten(in: folder) {
            let test = try CedarCase(Array(Data(contentsOf: file)))
            let bytes = Array(try Data(contentsOf: folder.appending(path: test.policies)))
            for end in bytes.indices {
                cuts += 1
                if (try? PolicySet(parsing: Array(bytes[..<end]))) == nil { refused += 1 }
            }
        }
        print("Cedar policies cut: \(cuts), of which \(refused) were refused")
        #expect(refused > 0 && refused < cuts)
    }

    private static let folder: URL? = Corpora.folder.flatMap { corpora in
        let folder = URL(filePath: corpora).appending(path: "cedar")
        if FileManager.default.fileExists(atPath: folder.path()) { return folder }
        print("SKIPPED: Cedar's tests, no folder cedar in the corpora")
        return nil
    }

    private static func handWritten(in folder: URL) throws -> [URL] {
        let tests = folder.appending(path: "tests")
        let found = try #require(FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil))
        return found.compactMap { $0 as? URL }.filter { $0.pathExtension == "json" }.sorted { $0.path() < $1.path() }
    }
}
