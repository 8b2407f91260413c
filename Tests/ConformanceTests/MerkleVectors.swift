// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TransparencyLog

/// The proofs, good and bad, of the transparency-dev project: every verdict must be the one expected.
@Suite struct MerkleVectors {
    @Test func everyVerdictIsTheExpectedOne() throws {
        guard let folder = MerkleCorpus.folder else {
            print("SKIPPED: Merkle proof vectors, no folder merkle under SALUS_CORPORA or ../shared/corpora")
            return
        }
        var counts: [String: Int] = [:]
        var believed = 0
        for kind in MerkleCorpus.kinds {
            for file in try MerkleCorpus.files(in: folder.appending(path: kind)) {
                let vector = try JSONDecoder().decode(MerkleVector.self, from: Data(contentsOf: file))
                let verdict = vector.isBelieved(as: kind)
                #expect(verdict == !vector.wantErr, "\(kind): \(file.lastPathComponent): \(vector.desc)")
                counts[kind, default: 0] += 1
                believed += verdict ? 1 : 0
            }
        }
        #expect(MerkleCorpus.kinds.allSatisfy { counts[$0, default: 0] > 0 })
        let total = counts.values.reduce(0, +)
        print("Merkle proof vectors: \(total) checked (\(counts)), \(believed) of them good")
    }
}

private enum MerkleCorpus {
    static let kinds = ["inclusion", "consistency", "subtreeinclusion", "subtreeconsistency"]

    static var folder: URL? {
        let corpora =
            ProcessInfo.processInfo.environment["SALUS_CORPORA"].map { URL(filePath: $0) }
            ?? URL(filePath: #filePath).appending(path: "../../../../shared/corpora").standardizedFileURL
        let folder = corpora.appending(path: "merkle")
        return FileManager.default.fileExists(atPath: folder.path()) ? folder : nil
    }

    static func files(in folder: URL) throws -> [URL] {
        let found = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        return found.compactMap { $0 as? URL }.filter { $0.pathExtension == "json" }
    }
}

private struct MerkleVector: Decodable {
    let desc: String
    let wantErr: Bool
    let proof: [String]?
    let root: String?
    let root1: String?
    let root2: String?
    let leafHash: String?
    let leafIdx: UInt64?
    let treeSize: UInt64?
    let size: UInt64?
    let size1: UInt64?
    let size2: UInt64?
    let start: UInt64?
    let end: UInt64?

    /// What is not even a hash, a subtree or a number is refused before a verifier sees it.
    func isBelieved(as kind: String) -> Bool {
        do {
            switch kind {
            case "inclusion": try verifyInclusion()
            case "consistency": try verifyConsistency()
            case "subtreeinclusion": try verifySubtreeInclusion()
            default: try verifySubtreeConsistency()
            }
            return true
        } catch is Malformed {
            return false
        } catch is ProofError {
            return false
        } catch {
            Issue.record(error, "\(desc)")
            return wantErr
        }
    }

    private func verifyInclusion() throws {
        try InclusionProof(index: present(leafIdx), size: present(treeSize), hashes: hashes())
            .verify(leaf: hash(leafHash), root: hash(root))
    }

    private func verifyConsistency() throws {
        try ConsistencyProof(oldSize: present(size1), newSize: present(size2), hashes: hashes())
            .verify(oldRoot: hash(root1), newRoot: hash(root2))
    }

    private func verifySubtreeInclusion() throws {
        try SubtreeInclusionProof(index: present(leafIdx), subtree: subtree(), hashes: hashes())
            .verify(leaf: hash(leafHash), subtreeRoot: hash(root))
    }

    private func verifySubtreeConsistency() throws {
        try SubtreeConsistencyProof(subtree: subtree(), size: present(size), hashes: hashes())
            .verify(subtreeRoot: hash(root1), root: hash(root2))
    }

    private struct Malformed: Error {}

    private func present<Value>(_ value: Value?) throws -> Value { try #require(value) }

    private func subtree() throws -> Subtree { try Subtree(start: present(start), end: present(end)) }

    private func hashes() throws -> [MerkleHash] { try (proof ?? []).map(hash) }

    private func hash(_ text: String?) throws -> MerkleHash {
        let text = try present(text)
        if let hash = MerkleHash(base64: text) { return hash }
        // "don't care 1" stands for any hash, also in vectors that are good; our hashes always have 32 bytes.
        let bytes = [UInt8](try #require(Data(base64Encoded: text)))
        guard bytes.starts(with: "don't care".utf8) else { throw Malformed() }
        return .leaf(bytes)
    }
}
