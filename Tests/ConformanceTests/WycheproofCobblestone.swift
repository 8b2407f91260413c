// SPDX-License-Identifier: Apache-2.0

import CZlib
import ChunkedEncryption
import Crypto
import Foundation
import Testing

/// Project Wycheproof's vectors for Cobblestone-256, opened whole, as a stream in pieces, and from the end.
@Suite struct WycheproofCobblestone {
    @Test func everyVectorIsAnsweredAsItSays() throws {
        guard let file = try CobblestoneFile.load() else { return }
        var passed = 0
        for vector in file.testGroups.flatMap(\.tests) {
            try vector.checkWhole()
            try vector.checkStream(pieces: 997)
            try vector.checkStream(pieces: 40_000)
            try vector.checkLastChunk()
            try vector.checkDerivation()
            passed += 1
        }
        #expect(passed == file.numberOfTests)
        print("Wycheproof Cobblestone-256: \(passed) of \(file.numberOfTests) vectors checked")
    }
}

private struct CobblestoneFile: Decodable {
    var numberOfTests: Int
    var testGroups: [Group]

    struct Group: Decodable { var tests: [CobblestoneVector] }

    static func load() throws -> CobblestoneFile? {
        let name = "wycheproof/c2sp_chunked_encryption_aes_256_gcm_test.json"
        let folder =
            ProcessInfo.processInfo.environment["SALUS_CORPORA"].map { URL(filePath: $0) }
            ?? URL(filePath: #filePath).appending(path: "../../../../shared/corpora").standardizedFileURL
        guard let data = try? Data(contentsOf: folder.appending(path: name)) else {
            print("SKIPPED: Wycheproof Cobblestone-256, no \(name) under SALUS_CORPORA or ../shared/corpora")
            return nil
        }
        return try JSONDecoder().decode(CobblestoneFile.self, from: data)
    }
}

private struct CobblestoneVector: Decodable {
    var tcId: Int
    var key: String
    var ctx: String
    var ct: String
    var aeadKey: String?
    var baseNonce: String?
    var msgLength: Int?
    var msgSha512: String?
    var result: String
    var flags: [String]

    private var isValid: Bool { result == "valid" }

    private var inputKey: InputKey? {
        get throws { try? InputKey(bytes(hex: key)) }
    }

    func checkWhole() throws {
        let ciphertext = try inflate(bytes(hex: ct))
        guard let key = try inputKey else {
            #expect(flags.contains("InvalidKeySize"), "vector \(tcId)")
            return
        }
        if isValid {
            let plaintext = try key.open(ciphertext, context: bytes(hex: ctx))
            try expectMessage(plaintext)
            #expect(try key.openRange(0..<plaintext.count, of: ciphertext, context: bytes(hex: ctx)) == plaintext)
        } else {
            #expect(throws: ChunkedEncryptionError.self, "vector \(tcId)") {
                try key.open(ciphertext, context: try bytes(hex: ctx))
            }
        }
    }

    /// A stream gives the longest valid prefix, then fails and goes on failing.
    func checkStream(pieces: Int) throws {
        guard let key = try inputKey else { return }
        let ciphertext = try inflate(bytes(hex: ct))
        var stream = OpeningStream(key: key, context: try bytes(hex: ctx))
        var plaintext: [UInt8] = []
        var failed = false
        for start in stride(from: 0, to: ciphertext.count, by: pieces) {
            let piece = ciphertext[start..<min(start + pieces, ciphertext.count)]
            do { plaintext += try stream.update(piece) } catch { failed = true }
        }
        do { plaintext += try stream.finish() } catch { failed = true }
        #expect(failed != isValid, "vector \(tcId)")
        #expect(throws: ChunkedEncryptionError.self) { try stream.update([0]) }
        #expect(throws: ChunkedEncryptionError.self) { try stream.finish() }
        // Pieces above a chunk may hold a good and a bad one: their good part is then not given out.
        if isValid || pieces < Cobblestone256.chunkByteCount { try expectMessage(plaintext) }
    }

    /// Reading from the end may succeed only where the last chunk is valid at its place.
    func checkLastChunk() throws {
        guard let key = try inputKey else { return }
        let ciphertext = try inflate(bytes(hex: ct))
        let verifies: Bool
        do {
            let opener = try RangeOpener(
                header: ciphertext[...], ciphertextByteCount: ciphertext.count, key: key, context: bytes(hex: ctx))
            try opener.verifyLength(lastChunk: ciphertext[opener.lastChunkRange])
            verifies = true
        } catch is ChunkedEncryptionError {
            verifies = false
        }
        #expect(verifies == (isValid || flags.contains("ValidFinalChunk")), "vector \(tcId)")
    }

    func checkDerivation() throws {
        guard let aeadKey, let baseNonce, let key = try inputKey else { return }
        let salt = try Salt24(inflate(bytes(hex: ct)).prefix(Salt24.byteCount))
        let keys = key.messageKeys(salt: salt, context: try bytes(hex: ctx))
        #expect(keys.key == SymmetricKey(data: try bytes(hex: aeadKey)), "vector \(tcId)")
        #expect(keys.baseNonce == (try bytes(hex: baseNonce)), "vector \(tcId)")
    }

    private func expectMessage(_ plaintext: [UInt8]) throws {
        #expect(plaintext.count == msgLength ?? 0, "vector \(tcId)")
        guard let msgSha512 else { return }
        #expect(Array(SHA512.hash(data: plaintext)) == (try bytes(hex: msgSha512)), "vector \(tcId)")
    }
}

private func bytes(hex: String) throws -> [UInt8] {
    let digits = try hex.utf8.map { try #require(Character(Unicode.Scalar($0)).hexDigitValue) }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

private func inflate(_ compressed: [UInt8]) throws -> [UInt8] {
    var output = [UInt8](repeating: 0, count: 8 << 20)
    var count = uLongf(output.count)
    let status = unsafe uncompress(&output, &count, compressed, uLong(compressed.count))
    try #require(status == Z_OK)
    return Array(output.prefix(Int(count)))
}
