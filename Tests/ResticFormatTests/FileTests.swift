// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ResticFormat

struct FileTests {
    private let quick = ScryptParameters(cost: 16, blockSize: 8, parallelism: 1)

    @Test
    func aKeyFileOpensWithItsPasswordOnly() throws {
        var dice = SplitMix64(seed: 1)
        let key = MasterKey(using: &dice)
        let file = try KeyFile(
            key, password: Array("geheim\0ä".utf8), created: Timestamp(seconds: 1), username: "u", hostname: "h",
            scrypt: try #require(quick), using: &dice)
        let read = try KeyFile.parse(file.json())
        #expect(read == file)
        let opened = try read.open(password: Array("geheim\0ä".utf8))
        #expect(opened.json() == key.json())
        // The same letters in another form of Unicode are another password, and so is what ends at the zero byte.
        for other in ["geheim\0a\u{308}", "geheim", ""] {
            #expect(throws: FormatError.unauthenticated(.key)) { try read.open(password: Array(other.utf8)) }
        }
    }

    @Test(arguments: [
        (1 << 25, 8, 1), (32_768, 256, 1), (32_768, 8, 1_000), (3, 8, 1), (0, 8, 1), (16, 0, 1), (16, 8, 0),
        (-16, 8, 1),
        (1 << 62, 1 << 62, 1 << 62),
    ])
    func aKeyFileCannotAskForAnyAmountOfWork(cost: Int, blockSize: Int, parallelism: Int) {
        #expect(ScryptParameters(cost: cost, blockSize: blockSize, parallelism: parallelism) == nil)
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"kdf":"scrypt"}"#, #"{"kdf":"argon2","N":16,"r":8,"p":1}"#,
        #"{"kdf":"scrypt","N":16,"r":8,"p":1,"salt":"AA==","data":"AA=="}"#,
    ])
    func shortKeyFilesAreErrors(text: String) {
        #expect(throws: FormatError.self) { try KeyFile.parse(Array(text.utf8)) }
    }

    @Test
    func aConfigComesBackInBothVersions() throws {
        var dice = SplitMix64(seed: 2)
        let config = RepositoryConfig(using: &dice)
        let sealer = try FileSealer(MasterKey(using: &dice), version: .two)
        let bytes = try sealer.seal(config, using: &dice)
        #expect(try sealer.openConfig(bytes) == config)
        #expect(try RepositoryConfig.parse(config.json()) == config)
        #expect(throws: FormatError.unsupportedVersion(3)) {
            try RepositoryConfig.parse(Array(#"{"version":3}"#.utf8))
        }
        let reducible = #"{"version":2,"id":"\#(config.id)","chunker_polynomial":"20000000000000"}"#
        #expect(throws: FormatError.self) { try RepositoryConfig.parse(Array(reducible.utf8)) }
    }

    @Test(arguments: [RepositoryVersion.one, .two])
    func standingFilesComeBackUnderTheirName(version: RepositoryVersion) throws {
        var dice = SplitMix64(seed: 3)
        let sealer = try FileSealer(MasterKey(using: &dice), version: version)
        var snapshot = Snapshot(time: Timestamp(seconds: 5, nanoseconds: 7), tree: .zero, paths: ["/a b", "/ü<"])
        (snapshot.hostname, snapshot.tags, snapshot.uid) = ("host", ["x", "y"], 3)
        snapshot.summary = SnapshotSummary()
        snapshot.summary?.dataAdded = 9
        let (id, bytes) = try sealer.seal(snapshot.json(), using: &dice)
        #expect(try Snapshot.parse(sealer.open(bytes, id: id, part: .snapshot)) == snapshot)
        var damaged = bytes
        damaged[damaged.count / 2] ^= 1
        #expect(throws: FormatError.wrongHash(.snapshot)) { try sealer.open(damaged, id: id, part: .snapshot) }
        #expect(throws: FormatError.wrongHash(.snapshot)) { try sealer.open([], id: id, part: .snapshot) }
    }

    @Test
    func anIndexComesBackAndWhatContradictsItselfDoesNot() throws {
        let blob = PackedBlob(BlobHandle(.tree, .zero), offset: 3, length: 40, uncompressedLength: 5)
        let file = IndexFile([.init(ObjectID(hashing: [1]), [blob, PackedBlob(blob.handle, offset: 0, length: 32)])])
        #expect(try IndexFile.parse(file.json()) == file)
        #expect(try IndexFile.parse(Array(#"{"supersedes":["x"],"packs":null}"#.utf8)) == IndexFile())
        let zero = ObjectID.zero.hex
        for blob in [
            #""offset":-1,"length":40"#, #""offset":4294967295,"length":40"#, #""offset":0,"length":31"#,
            #""offset":0,"length":4294967296"#, #""offset":1.5,"length":40"#, #""length":40"#,
        ] {
            let text = #"{"packs":[{"id":"\#(zero)","blobs":[{"id":"\#(zero)","type":"data",\#(blob)}]}]}"#
            #expect(throws: FormatError.self) { try IndexFile.parse(Array(text.utf8)) }
        }
    }

    @Test
    func locksKnowWhomTheyHinderAndWhenTheyAreDead() throws {
        let lock = LockFile(
            time: Timestamp(seconds: 10_000), isExclusive: false, hostname: "here", username: "u", process: 7, uid: 1,
            gid: 0)
        #expect(try LockFile.parse(lock.json()) == lock)
        #expect(lock.hinders(exclusive: true) && !lock.hinders(exclusive: false))
        let later = { (seconds: Int64) in Timestamp(seconds: 10_000 + seconds) }
        #expect(!lock.isStale(at: later(1_800), on: "here") { _ in true })
        #expect(lock.isStale(at: later(1_801), on: "here") { _ in true })
        #expect(lock.isStale(at: later(1), on: "here") { $0 != 7 })
        #expect(!lock.isStale(at: later(1), on: "elsewhere") { _ in false })
        // A clock that was set back makes nobody's lock stale.
        #expect(!lock.isStale(at: later(-100_000), on: "elsewhere") { _ in false })
    }

    @Test
    func polynomialsAreIrreducibleAndOfDegree53() {
        var dice = SplitMix64(seed: 4)
        for _ in 0..<20 {
            let polynomial = Polynomial(using: &dice)
            #expect(polynomial.bits >> 53 == 1)
            #expect(Polynomial(hex: polynomial.hex) == polynomial)
        }
        #expect(Polynomial(0x3DA3_358B_4DC1_73) != nil)
        #expect(Polynomial(0x3DA3_358B_4DC1_72) == nil)
        for text in ["", "+3da3358b4dc173", "1", "ffffffffffffffffff", "zz"] { #expect(Polynomial(hex: text) == nil) }
    }

    @Test
    func zerosAreCutAtTheLeastLengthAndPiecesDoNotMatter() throws {
        var dice = SplitMix64(seed: 5)
        let chunker = Chunker(Polynomial(using: &dice))
        let zeros = Array(repeating: UInt8(0), count: 1 << 20)
        #expect(chunker.cut(zeros.span, isLast: false) == Chunker.least)
        #expect(ObjectID(hashing: Array(zeros.prefix(Chunker.least))).hex.hasPrefix("07854d2f"))
        #expect(chunker.cut(zeros.span.extracting(0..<100), isLast: true) == 100)
        #expect(chunker.cut(zeros.span.extracting(0..<0), isLast: true) == nil)
        #expect(chunker.cut(zeros.span.extracting(0..<100), isLast: false) == nil)
        let noise = (0..<20 << 20).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
        var whole: [Int] = []
        var start = 0
        while let cut = chunker.cut(noise.span.extracting(start...), isLast: true) {
            whole.append(cut)
            start += cut
        }
        #expect(whole.reduce(0, +) == noise.count)
        #expect(whole.dropLast().allSatisfy { Chunker.least...Chunker.most ~= $0 })
        var (pieces, begin, known): ([Int], Int, Int) = ([], 0, 0)
        var end = 0
        while begin < noise.count {
            end = min(max(end, begin) + 300_000, noise.count)
            if let cut = chunker.cut(noise.span.extracting(begin..<end), after: known, isLast: end == noise.count) {
                pieces.append(cut)
                (begin, known) = (begin + cut, 0)
                end = max(begin, end - 300_000)
            } else {
                known = end - begin
            }
        }
        #expect(pieces == whole)
    }
}
