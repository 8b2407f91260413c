// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
package import Kernel
import Ledger
import Store

/// What became of a file.
package enum ImportOutcome: Sendable, Equatable {
    /// It was taken in.
    case imported(ImportTally)
    /// It was taken in earlier; nothing was done.
    case known
    /// Nothing of it was taken in.
    case refused(ImportProblem)
}

/// Takes files in, one transaction each.
package struct RecordImport: Sendable {
    private let records: RecordStore

    /// How many files are read and taken apart ahead of the one that is being stored.
    private static let ahead = 2

    /// Files go to `records`.
    package init(_ records: RecordStore) {
        self.records = records
    }

    private enum Preparation: Sendable {
        case ready(PreparedFile)
        case known
        case refused(ImportProblem)
    }

    /// Takes the content of one file in.
    ///
    /// - Throws: `Fault` when the store fails; what is wrong with the file is in the outcome.
    package func take(_ content: [UInt8], by actor: EntityReference) async throws -> ImportOutcome {
        try await finish(try await prepare { () throws(ImportProblem) in content }, by: actor)
    }

    /// Takes files in, in this order, and tells the outcome of each.
    ///
    /// - Throws: `Fault` when the store fails: the files before are in, the others are not.
    package func take(
        _ files: [SourceFile], by actor: EntityReference, _ report: @Sendable (Int, ImportOutcome) -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: (Int, Preparation).self) { group in
            var (started, next) = (0, 0)
            var waiting: [Int: Preparation] = [:]
            while next < files.count {
                while started < min(files.count, next + Self.ahead) {
                    let (number, file) = (started, files[started])
                    group.addTask { (number, try await prepare(file.content)) }
                    started += 1
                }
                if let prepared = waiting.removeValue(forKey: next) {
                    report(next, try await finish(prepared, by: actor))
                    next += 1
                } else if let (number, prepared) = try await group.next() {
                    waiting[number] = prepared
                }
            }
        }
    }

    private func prepare(
        _ read: @Sendable () throws(ImportProblem) -> [UInt8]
    ) async throws -> Preparation {
        do throws(ImportProblem) {
            let content = try read()
            let mac = records.index.file(content)
            if await isKnown(mac) { return .known }
            return .ready(try PreparedFile(content, mac: mac, index: records.index))
        } catch {
            return .refused(error)
        }
    }

    /// Only saves work: the transaction that stores looks again.
    private func isKnown(_ mac: [UInt8]) async -> Bool {
        (try? await records.house.store.read { tx in try FileCommit.isKnown(mac, in: tx) }) ?? false
    }

    private func finish(_ preparation: Preparation, by actor: EntityReference) async throws -> ImportOutcome {
        switch preparation {
        case .known: return .known
        case .refused(let problem): return try await refuse(problem, by: actor)
        case .ready(let prepared):
            try await records.house.ledger.requireRoom()
            do {
                let tally = try await records.house.store.write { [records] tx in
                    var commit = FileCommit(prepared, records, actor: actor, in: tx)
                    return try commit.run()
                }
                return tally.map(ImportOutcome.imported) ?? .known
            } catch let problem as ImportProblem {
                return try await refuse(problem, by: actor)
            }
        }
    }

    private func refuse(_ problem: ImportProblem, by actor: EntityReference) async throws -> ImportOutcome {
        try await records.house.store.write { tx in
            var fact = Fact(VaultFacts.importRefused, by: actor, [.init("reason", .string(problem.code))])
            if let entry = problem.entry {
                fact = Fact(fact.kind, by: actor, fact.data + [.init("entry", .integer(Int64(entry)))])
            }
            try tx.record(fact)
        }
        return .refused(problem)
    }
}
