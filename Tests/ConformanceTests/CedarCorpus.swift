// SPDX-License-Identifier: Apache-2.0

import Access
import CedarPolicy
import Foundation
import TestSupport
import Testing

/// Cedar's own integration tests: every decision, its reasons and its errors must be the ones expected.
@Suite struct CedarCorpus {
    @Test func everyGeneratedTestIsAnsweredAsExpected() throws {
        guard let corpus = Self.corpus else { return }
        var tally = CedarTally()
        let time = try ContinuousClock().measure { tally = try corpus.checkGenerated() }
        print("Cedar corpus: \(tally.summary), \(time)")
        print("Cedar corpus with something hidden: \(tally.hidden.tried), of which \(tally.hidden.decided) decided")
        #expect(tally.faults.isEmpty, "\(tally.summary)\n\(tally.faults.joined(separator: "\n"))")
        #expect(tally.tests == 7_809 && tally.requests == 62_472)
        // Eight ways to hide something from each request of the 6,190 tests whose policies fit their schema.
        #expect(tally.hidden.tried == 6_190 * 8 * 8)
    }

    @Test func everyHandWrittenTestIsAnsweredAsExpected() throws {
        guard let corpus = Self.corpus else { return }
        let tally = try corpus.checkHandWritten()
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
        guard let corpus = Self.corpus else { return }
        var cuts = 0
        var refused = 0
        for bytes in try corpus.handWrittenPolicies() {
            for end in bytes.indices {
                cuts += 1
                if (try? PolicySet(parsing: Array(bytes[..<end]))) == nil { refused += 1 }
            }
        }
        print("Cedar policies cut: \(cuts), of which \(refused) were refused")
        #expect(refused > 0 && refused < cuts)
    }

    private static let corpus = folder.map { CorpusFolder($0.path()) }

    private static let folder: URL? = Corpora.folder.flatMap { corpora in
        let folder = URL(filePath: corpora).appending(path: "cedar")
        if FileManager.default.fileExists(atPath: folder.path()) { return folder }
        print("SKIPPED: Cedar's tests, no folder cedar in the corpora")
        return nil
    }
}
