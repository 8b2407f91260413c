// SPDX-License-Identifier: Apache-2.0

/// Why a `.tlog-proof` was not read or not believed.
public enum LogProofError: Error, Hashable, Sendable {
    /// More than 64 hashes, 64 KiB of extra data, or a text that is longer than any proof.
    case tooLarge
    /// The first line is not that of version 1.
    case unknownFormat
    /// The `extra` line is not canonical.
    case badExtra
    /// The `index` line is missing or not canonical.
    case badIndex
    /// A line of the proof is no hash, or no empty line follows.
    case badHash
    /// The checkpoint in it is not readable or not believed.
    case checkpoint(NoteError)
    /// The hashes do not prove what they should.
    case proof(ProofError)
}

/// Evidence that fits in a file: a leaf is in a log that has signed its checkpoint (C2SP tlog-proof).
public struct LogProof: Hashable, Sendable {
    /// Most hashes: a tree of 2⁶⁴ leaves needs no more.
    public static let mostHashes = 64
    /// Longest extra data, in bytes.
    public static let longestExtra = 64 * 1024

    /// Opaque data of the application, not authenticated; empty for none.
    public let extra: [UInt8]
    /// Index of the leaf.
    public let index: UInt64
    /// The inclusion proof.
    public let hashes: [MerkleHash]
    /// The signed checkpoint.
    public let note: SignedNote

    /// - Throws: ``LogProofError/tooLarge``, and ``LogProofError/checkpoint(_:)`` when the note holds none.
    public init(extra: [UInt8] = [], index: UInt64, hashes: [MerkleHash], note: SignedNote) throws(LogProofError) {
        guard hashes.count <= Self.mostHashes, extra.count <= Self.longestExtra else { throw .tooLarge }
        do { _ = try Checkpoint(text: note.text) } catch { throw .checkpoint(error) }
        self.extra = extra
        self.index = index
        self.hashes = hashes
        self.note = note
    }

    /// Believes the proof for the leaf hash `leaf`, or says why not.
    /// - Parameter verifiers: the keys of accepted logs, each named like its log's origin, and of witnesses.
    /// - Returns: the checkpoint and its signatures; how many witnesses are enough is the caller's policy.
    /// - Throws: ``LogProofError/checkpoint(_:)`` or ``LogProofError/proof(_:)``.
    public func verify(leaf: MerkleHash, verifiers: [VerifierKey]) throws(LogProofError) -> VerifiedCheckpoint {
        let signed: VerifiedCheckpoint
        do { signed = try VerifiedCheckpoint(note, verifiers: verifiers) } catch { throw .checkpoint(error) }
        let inclusion = InclusionProof(index: index, size: signed.checkpoint.size, hashes: hashes)
        do { try inclusion.verify(leaf: leaf, root: signed.checkpoint.root) } catch { throw .proof(error) }
        return signed
    }
}
