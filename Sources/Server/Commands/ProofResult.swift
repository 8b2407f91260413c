// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import TransparencyLog

/// What the check of one proof came to.
struct ProofResult {
    /// Where the proof was found.
    let name: String
    /// The place of the entry; nil where the proof cannot be read.
    let index: UInt64?
    /// The entry; nil where it cannot be read.
    let leaf: Ledger.Leaf?
    /// Why it, or the event around it, does not hold; nil when it does.
    var problem: String?

    /// Checks `bytes` for the entry `leaf`, or for the one that the proof brings.
    init(_ name: String, _ bytes: [UInt8], leaf given: [UInt8]?, _ key: VerifierKey) {
        self.name = name
        guard let proof = try? LogProof(bytes: bytes) else {
            (index, leaf, problem) = (nil, nil, "there is no readable proof")
            return
        }
        index = proof.index
        let entry = given ?? proof.extra
        leaf = try? Ledger.Leaf(decoding: entry)
        if leaf == nil {
            problem = "the entry itself is missing or cannot be read"
        } else {
            do throws(LogProofError) {
                _ = try proof.verify(leaf: .leaf(entry), verifiers: [key])
                problem = nil
            } catch {
                problem = Self.words(error)
            }
        }
    }

    private static func words(_ error: LogProofError) -> String {
        switch error {
        case .checkpoint(.noKnownSignature), .checkpoint(.notSignedByLog): "another log, or another key, signed it"
        case .checkpoint: "the signature of the checkpoint is wrong"
        case .proof: "the entry is not the one that the log holds at that place"
        default: "there is no readable proof"
        }
    }

    /// One line for people.
    var line: String {
        let place = index.map { "entry \($0)" } ?? TerminalText.harmless(name)
        if let problem { return "does not hold: \(TerminalText.harmless(name)): \(problem)" }
        return "holds: \(place), \(leaf.map { "\($0.kind), \($0.at.rfc3339)" } ?? "")"
    }

    /// The same for programs.
    var value: CanonicalValue {
        .object(
            [
                .init("file", .string(name)), .init("holds", .boolean(problem == nil)),
            ]
                + [
                    index.map { .init("entry", .integer(Int64(clamping: $0))) },
                    leaf.map { .init("kind", .string($0.kind)) },
                    problem.map { .init("problem", .string($0)) },
                ].compactMap(\.self))
    }
}
