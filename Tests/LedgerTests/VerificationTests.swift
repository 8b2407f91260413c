// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import Kernel
import Ledger
import Store
import TestSupport
import Testing
import TransparencyLog

@Suite struct VerificationTests {
    /// A log of 300 leaves with older partial tiles that a death left behind.
    private func grown(_ ledger: LedgerFixture) async throws {
        try await ledger.record(200)
        try await ledger.open().settle()
        let old = try await ledger.everything()
        try await ledger.record(100)
        try await ledger.open().settle()
        for name in ["tile/entries/000.p/200", "tile/0/000.p/200"] {
            try await ledger.tamper(name, old[name])
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aCleanLogVerifies(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            let empty = try await ledger.verify()
            #expect(empty.problems == [] && empty.notes == [] && empty.size == 0)
            let log = try await ledger.open()
            #expect(try await ledger.verify().problems == [])
            try await grown(ledger)
            let remembered = try #require(try await log.checkpoint())
            for alone in [true, false] {
                let result = try await ledger.verify(
                    remembered: remembered.bytes, trusted: log.verifierKey, alone: alone)
                #expect(result.problems == [] && result.notes == [] && result.size == 300)
                #expect(result.root == remembered.checkpoint.root)
            }
        }
    }

    /// "A byte changed in any file of the log's folder is found, with its place."
    @Test(arguments: StoreFixture.dialects)
    func anyChangedByteInAnyFileIsFound(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            try await grown(ledger)
            var dice = Dice(state: 7)
            let files = try await ledger.everything()
            #expect(files.count == 9)
            for (name, good) in files.sorted(by: { $0.key < $1.key }) {
                let places = good.count <= 300 ? Array(good.indices) : sample(good.count, &dice)
                for place in places {
                    var bad = good
                    bad[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
                    try await ledger.tamper(name, bad)
                    let problems = try await ledger.verify(alone: true).problems
                    #expect(!problems.isEmpty, "\(name) byte \(place)")
                    #expect(problems.contains { Self.names($0, name) }, "\(name) byte \(place): \(problems)")
                }
                try await ledger.tamper(name, good)
            }
            #expect(try await ledger.verify().problems == [])
        }
    }

    private func sample(_ count: Int, _ dice: inout Dice) -> [Int] {
        [0, 1, 2, count - 1] + (0..<20).map { _ in Int.random(in: 0..<count, using: &dice) }
    }

    /// Whether a problem says where to look: the file, or the tile or entry that it speaks of.
    private static func names(_ problem: String, _ file: String) -> Bool {
        if problem.contains(file) { return true }
        guard file.hasPrefix("tile/") else { return problem.contains("vkey") }
        return problem.contains("entry ") || problem.contains("tile/")
    }

    @Test(arguments: StoreFixture.dialects)
    func everyMissingOrCutOrLengthenedFileIsFound(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            try await grown(ledger)
            for (name, good) in try await ledger.everything() {
                let isOlder = name.hasSuffix(".p/200")
                for bad in [nil, [], Array(good.dropLast()), good + [0], good + good] as [[UInt8]?] {
                    if bad == nil, isOlder { continue }
                    try await ledger.tamper(name, bad)
                    let problems = try await ledger.verify().problems
                    #expect(problems.contains { Self.names($0, name) }, "\(name) \(bad?.count ?? -1): \(problems)")
                }
                try await ledger.tamper(name, good)
            }
            #expect(try await ledger.verify().problems == [])
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func strangersAreFound(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            try await grown(ledger)
            let strangers = [
                "readme", "reserve", "tile/readme", "tile/entries/0", "tile/0/000.p/0", "tile/0/000.p/256",
                "tile/64/000",
                "tile/00/000", "tile/entries/x000/000", "checkpoint.old", "vkey~", "tile/entries/000.p/44.tmp",
                "readme.new",
            ]
            for name in strangers {
                try await ledger.tamper(name, [1])
                let problems = try await ledger.verify().problems
                #expect(problems == ["\(name): does not belong to the log"])
                try await ledger.tamper(name, nil)
            }
        }
    }

    /// Everything that a folder can hold instead of a file.
    @Test func whatIsNoFileIsFoundAndStopsNothing() async throws {
        try await LedgerFixture.with(.sqlite) { ledger in
            try await grown(ledger)
            for (name, good) in try await ledger.everything() {
                let path = "\(ledger.folder)/\(name)"
                let makers: [(String) -> Void] = [
                    { try? FileManager.default.createDirectory(atPath: $0, withIntermediateDirectories: true) },
                    { try? FileManager.default.createSymbolicLink(atPath: $0, withDestinationPath: "/etc/hostname") },
                    { _ = unsafe mkfifo($0, 0o600) },
                    { path in
                        _ = FileManager.default.createFile(atPath: path, contents: nil)
                        unsafe truncate(path, 1 << 33)
                    },
                ]
                for make in makers {
                    try await ledger.tamper(name, nil)
                    make(path)
                    if name.hasSuffix(".p/200"), directory(path) { continue }
                    let problems = try await ledger.verify().problems
                    #expect(problems.contains { Self.names($0, name) }, "\(name): \(problems)")
                }
                try await ledger.tamper(name, good)
            }
            // A name that is not UTF-8.
            let bytes: [CChar] = "\(ledger.folder)/tile/".utf8CString.dropLast() + [CChar(bitPattern: 0xFF), 0]
            let file = unsafe open(bytes, O_CREAT | O_WRONLY, 0o600)
            #expect(file >= 0)
            close(file)
            #expect(try await ledger.verify().problems.count == 1)
        }
    }

    private func directory(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    @Test(arguments: StoreFixture.dialects)
    func aLogThatWasSetBackIsFound(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            try await ledger.record(200)
            try await ledger.open().settle()
            let old = try await ledger.everything()
            try await ledger.record(100)
            try await ledger.open().settle()
            let remembered = try await ledger.tiles.bytes("checkpoint")
            try await ledger.replaceEverything(with: old)
            // By itself the older state is a whole log; the store and whoever remembers know better.
            #expect(try await ledger.verify(alone: true).problems == [])
            #expect(
                try await ledger.verify().problems == ["leaves 200 to 299 are missing: the end of the log was cut off"])
            let problems = try await ledger.verify(remembered: remembered, alone: true).problems
            #expect(problems.count == 1 && problems[0].contains("set back") && problems[0].contains("300"))
            // Sequencing on would hide it: it stops.
            try await ledger.record(1)
            let log = try await ledger.open()
            let fault = await #expect(throws: Fault.self) { try await log.settle() }
            #expect(fault?.code == .damaged)
            try await ledger.replaceEverything(with: [:])
            #expect(try await ledger.verify().problems.contains { $0.contains("leaves 0 to 299 are missing") })
            #expect(try await ledger.verify(remembered: remembered, alone: true).problems.count == 1)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aRewrittenLogIsFound(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            try await ledger.record(20)
            let log = try await ledger.open()
            try await log.settle()
            let (key, remembered) = (log.verifierKey, try await ledger.tiles.bytes("checkpoint"))
            let own = Curve25519.Signing.PrivateKey()
            try await rewrite(ledger, entries: try await ledger.entries(20).reversed(), key: own)
            #expect(try await ledger.verify(alone: true).problems == [])
            #expect(try await ledger.verify().problems == ["the store remembers another root for 20 leaves"])
            #expect(
                try await ledger.verify(remembered: remembered, alone: true).problems
                    == ["remembered checkpoint: is not signed by this log"])
            #expect(
                try await ledger.verify(trusted: key, alone: true).problems.first
                    == "vkey: is not the key that is trusted")
            await #expect(throws: Fault.self) { try await ledger.open() }
            // Somebody who has the key: only what was remembered elsewhere, or the store, shows it.
            let stolen = try Curve25519.Signing.PrivateKey(rawRepresentation: LedgerFixture.key)
            try await rewrite(ledger, entries: try await ledger.entries(20).reversed() + [[1]], key: stolen)
            let problems = try await ledger.verify(remembered: remembered, trusted: key, alone: true).problems
            #expect(problems.contains("entry 20: is no leaf"))
            try await rewrite(ledger, entries: try await ledger.entries(19), key: stolen)
            #expect(
                try await ledger.verify(remembered: remembered, alone: true).problems.contains {
                    $0.contains("set back")
                })
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aRewrittenBeginningIsFoundByWhoRemembers(_ dialect: StoreDialect) async throws {
        try await LedgerFixture.with(dialect) { ledger in
            try await ledger.record(20)
            try await ledger.open().settle()
            let remembered = try await ledger.tiles.bytes("checkpoint")
            try await ledger.record(20)
            try await ledger.open().settle()
            let stolen = try Curve25519.Signing.PrivateKey(rawRepresentation: LedgerFixture.key)
            try await rewrite(ledger, entries: try await ledger.entries(40).reversed(), key: stolen)
            #expect(try await ledger.verify(alone: true).problems == [])
            let problems = try await ledger.verify(remembered: remembered, alone: true).problems
            #expect(problems == ["the first 20 leaves are not those that the remembered checkpoint signed"])
        }
    }

    /// Whoever signs for himself may claim any size.
    @Test(arguments: [UInt64.max, .max - 1, 1 << 63, 1 << 56, 1 << 40, 257] as [UInt64])
    func anAbsurdSizeIsFoundAtOnce(_ size: UInt64) async throws {
        try await LedgerFixture.with(.sqlite) { ledger in
            try await ledger.record(20)
            try await ledger.open().settle()
            let root = MerkleHash.leaf([])
            try await sign(ledger, size: size, root: root, Curve25519.Signing.PrivateKey())
            let problems = try await ledger.verify().problems
            #expect(problems.contains { $0.contains("missing") })
        }
    }

    private func rewrite(_ ledger: LedgerFixture, entries: [[UInt8]], key: Curve25519.Signing.PrivateKey) async throws {
        let growth = try TreeGrowth(from: Frontier(), appending: entries) { path in throw Fault(.notFound, "\(path)") }
        try await ledger.replaceEverything(
            with: Dictionary(growth.files.map { ($0.path.description, $0.bytes) }) { $1 })
        try await sign(ledger, size: growth.frontier.size, root: growth.frontier.root, key)
    }

    private func sign(
        _ ledger: LedgerFixture, size: UInt64, root: MerkleHash, _ key: Curve25519.Signing.PrivateKey
    ) async throws {
        let origin = EvidenceLog.origin(of: try #require(LedgerFixture.institution))
        let signer = try Ed25519Signer(name: KeyName(origin), key: key)
        let checkpoint = try Checkpoint(origin: origin, size: size, root: root)
        try await ledger.tamper("checkpoint", try SignedNote(text: checkpoint.text, signers: [signer]).bytes)
        try await ledger.tamper("vkey", Array((signer.verifier.vkey + "\n").utf8))
    }
}
