// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

@Suite struct CheckpointTests {
    static let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

    @Test func exampleOfTheSpecification() throws {
        let text = Array("example.com/behind-the-sofa\n20852163\n\(Self.root)\n".utf8)
        let checkpoint = try Checkpoint(text: text)
        #expect(checkpoint.origin == "example.com/behind-the-sofa")
        #expect(checkpoint.size == 20_852_163)
        #expect(checkpoint.root.base64 == Self.root)
        #expect(checkpoint.extensions.isEmpty)
        #expect(checkpoint.text == text)
    }

    @Test(arguments: [
        "o\n1\n", "o\n1\nROOT", "o\n\nROOT\n", "\n1\nROOT\n", "o\n01\nROOT\n", "o\n+1\nROOT\n", "o\n-1\nROOT\n",
        "o\n1 \nROOT\n", "o\n 1\nROOT\n", "o\n1.0\nROOT\n", "o\n0x1\nROOT\n", "o\n18446744073709551616\nROOT\n",
        "o\n99999999999999999999\nROOT\n", "o\n184467440737095516150\nROOT\n", "o\n1\nROOT\n\n", "o\n1\nROOT\n\next\n",
        "o\n1\nROOT \n", "o\n1\nROOT=\n", "o\n1\nAAAA\n", "o\n1\n\n", "", "\n", "o\n0\nROOT\n", "o\r\n1\nROOT\n",
        "o\n١\nROOT\n", "o\n00\nROOT\n",
    ])
    func refuses(text: String) {
        let parts = text.split(separator: "ROOT", omittingEmptySubsequences: false)
        let bytes = Array(parts.joined(separator: Self.root).utf8)
        #expect(throws: NoteError.self) { try Checkpoint(text: bytes) }
    }

    @Test func largestSizeAndExtensions() throws {
        let text = Array("o\n18446744073709551615\n\(Self.root)\none\ntwo\n".utf8)
        let checkpoint = try Checkpoint(text: text)
        #expect(checkpoint.size == .max)
        #expect(checkpoint.extensions == ["one", "two"])
        #expect(checkpoint.text == text)
    }

    @Test func whatCannotBeWritten() throws {
        let root = MerkleHash.leaf([])
        for origin in ["", "a\nb", "a\tb", String(repeating: "x", count: 20_000)] {
            #expect(throws: NoteError.self) { try Checkpoint(origin: origin, size: 1, root: root) }
        }
        #expect(throws: NoteError.badCheckpoint) { try Checkpoint(origin: "a", size: 0, root: root) }
        #expect(throws: NoteError.badCheckpoint) { try Checkpoint(origin: "a", size: 1, root: root, extensions: [""]) }
        #expect(
            try Checkpoint(origin: "caf\u{e9}", size: 1, root: root)
                != Checkpoint(origin: "cafe\u{301}", size: 1, root: root))
    }

    @Test func theLogItselfMustHaveSigned() throws {
        let checkpoint = try Checkpoint(origin: SampleKeys.origin, size: 1, root: .leaf([]))
        let log = try SampleKeys.signer()
        let stranger = try SampleKeys.signer("other.example", seed: 9)
        let witness = try SampleKeys.witness("witness.example", seed: 3)
        let impostor = try SampleKeys.witness(SampleKeys.origin, seed: 3)
        let note = try SignedNote(text: checkpoint.text, signers: [log, witness])
        let verified = try VerifiedCheckpoint(note, verifiers: [witness.verifier, log.verifier])
        #expect(verified.checkpoint == checkpoint)
        #expect(verified.signatures.map(\.time) == [nil, 1_700_000_000])
        #expect(throws: NoteError.notSignedByLog) { try VerifiedCheckpoint(note, verifiers: [witness.verifier]) }
        let foreign = try SignedNote(text: checkpoint.text, signers: [stranger, impostor])
        #expect(throws: NoteError.notSignedByLog) {
            try VerifiedCheckpoint(foreign, verifiers: [stranger.verifier, impostor.verifier])
        }
    }

    @Test func cosignaturesCoverTheirTime() throws {
        let checkpoint = try Checkpoint(origin: SampleKeys.origin, size: 1, root: .leaf([]))
        let witness = try SampleKeys.witness("witness.example", seed: 3)
        #expect(try VerifierKey(vkey: witness.verifier.vkey) == witness.verifier)
        let note = try SignedNote(text: checkpoint.text, signers: [witness])
        let later = try SampleKeys.witness("witness.example", seed: 3, time: 1_700_000_001)
        let other = try SignedNote(text: checkpoint.text, signers: [later])
        #expect(note.bytes != other.bytes)
        #expect(try other.verify([witness.verifier]).first?.time == 1_700_000_001)
        #expect(throws: NoteError.badLayout) { try SampleKeys.witness("w", seed: 3, time: 1 << 63) }
    }
}

@Suite struct LogProofTests {
    struct Fixture {
        let log: Ed25519Signer
        let witness: Cosigner
        let leaves = Sample.leaves(100)
        let proof: LogProof

        init(extra: [UInt8] = []) throws {
            log = try SampleKeys.signer()
            witness = try SampleKeys.witness("witness.example", seed: 3)
            let tree = MemoryTree(leaves: leaves)
            let checkpoint = try Checkpoint(origin: SampleKeys.origin, size: tree.size, root: tree.root())
            let note = try SignedNote(text: checkpoint.text, signers: [log, witness])
            let inclusion = try tree.inclusionProof(of: 73)
            proof = try LogProof(extra: extra, index: 73, hashes: inclusion.hashes, note: note)
        }

        var text: String { String(decoding: proof.bytes, as: UTF8.self) }
    }

    @Test(arguments: [[], [1], [1, 2, 3, 4, 5]] as [[UInt8]])
    func roundTripAndVerification(extra: [UInt8]) throws {
        let fixture = try Fixture(extra: extra)
        let proof = try LogProof(bytes: fixture.proof.bytes)
        #expect(proof == fixture.proof)
        #expect(fixture.text.hasPrefix("c2sp.org/tlog-proof@v1\n" + (extra.isEmpty ? "index 73\n" : "extra ")))
        let verifiers = [fixture.log.verifier, fixture.witness.verifier]
        let verified = try proof.verify(leaf: fixture.leaves[73], verifiers: verifiers)
        #expect(verified.checkpoint.size == 100)
        #expect(verified.signatures.count == 2)
    }

    @Test func whatIsNotBelieved() throws {
        let fixture = try Fixture()
        let proof = fixture.proof
        let keys = [fixture.log.verifier]
        #expect(throws: LogProofError.proof(.rootMismatch)) {
            try proof.verify(leaf: fixture.leaves[72], verifiers: keys)
        }
        #expect(throws: LogProofError.checkpoint(.noKnownSignature)) {
            try proof.verify(leaf: fixture.leaves[73], verifiers: [])
        }
        #expect(throws: LogProofError.checkpoint(.notSignedByLog)) {
            try proof.verify(leaf: fixture.leaves[73], verifiers: [fixture.witness.verifier])
        }
        for index in [72, 74, 100, UInt64.max] {
            let moved = try LogProof(index: index, hashes: proof.hashes, note: proof.note)
            #expect(throws: LogProofError.self) { try moved.verify(leaf: fixture.leaves[73], verifiers: keys) }
        }
    }

    @Test func everyFlippedBitIsRefused() throws {
        let fixture = try Fixture()
        let bytes = fixture.proof.bytes
        let keys = [fixture.log.verifier, fixture.witness.verifier]
        for position in bytes.indices {
            var altered = bytes
            altered[position] ^= 1 << UInt8(position % 8)
            guard let proof = try? LogProof(bytes: altered) else { continue }
            let verified = try? proof.verify(leaf: fixture.leaves[73], verifiers: keys)
            // A witness's altered name or key ID makes it an unknown witness, which is ignored.
            #expect((verified?.signatures.count ?? 0) < 2, "position \(position)")
        }
        for count in bytes.indices {
            guard let proof = try? LogProof(bytes: Array(bytes[..<count])) else { continue }
            // Cut between two signature lines it is a shorter note.
            #expect(proof.note.signatures.count == 1)
        }
    }

    @Test func refusesOtherTexts() throws {
        let text = try Fixture(extra: [1, 2, 3]).text
        let replacements: [(String, String, LogProofError)] = [
            ("@v1", "@v2", .unknownFormat), ("extra AQID", "extra ", .badExtra), ("extra AQID", "extra AQI", .badExtra),
            ("extra AQID", "extra AQID ", .badExtra), ("extra AQID", "extra", .badIndex),
            ("extra AQID\n", "extra AQID\nextra AQID\n", .badIndex), ("index 73", "index 073", .badIndex),
            ("index 73", "index +73", .badIndex), ("index 73", "index  73", .badIndex),
            ("index 73", "index ", .badIndex),
            ("index 73", "index 18446744073709551616", .badIndex), ("index 73\n", "", .badIndex),
            ("index 73\n", "index 73\nAAAA\n", .badHash), ("index 73\n", "index 73\n\n", .checkpoint(.badCheckpoint)),
            ("log.example/ward-7\n100\n", "log.example/ward-7\n0100\n", .checkpoint(.badCheckpoint)),
        ]
        for (old, new, error) in replacements {
            let parts = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
            try #require(parts.count == 2)
            let altered = parts.joined(separator: new)
            #expect(throws: error, "\(old) \(new)") { try LogProof(bytes: Array(altered.utf8)) }
        }
    }

    @Test func limits() throws {
        let note = try Fixture().proof.note
        let hashes = [MerkleHash](repeating: .emptyRoot, count: 65)
        let longest = try LogProof(index: .max, hashes: Array(hashes.dropLast()), note: note)
        #expect(try LogProof(bytes: longest.bytes) == longest)
        #expect(throws: LogProofError.tooLarge) { try LogProof(index: 0, hashes: hashes, note: note) }
        let line = Array("\(MerkleHash.emptyRoot)\n".utf8)
        let header = Array("c2sp.org/tlog-proof@v1\nindex 0\n".utf8)
        let many = header + (0..<65).flatMap { _ in line } + [10] + note.bytes
        #expect(throws: LogProofError.tooLarge) { try LogProof(bytes: many) }
        #expect(throws: LogProofError.tooLarge) { try LogProof(bytes: header + Array(repeating: 65, count: 600_000)) }
        let extra = [UInt8](repeating: 1, count: LogProof.longestExtra + 1)
        #expect(throws: LogProofError.tooLarge) { try LogProof(extra: extra, index: 0, hashes: [], note: note) }
        #expect(throws: LogProofError.checkpoint(.badCheckpoint)) {
            try LogProof(index: 0, hashes: [], note: SignedNote(text: [65, 10], signers: [SampleKeys.signer()]))
        }
    }
}
