// SPDX-License-Identifier: Apache-2.0

import Codecs
import Foundation
import Kernel
import Keyring
import Ledger
import RecoveryPhrase
import Store
import TestSupport
import Testing

@Suite struct RecoveryTests {
    @Test(arguments: StoreFixture.dialects)
    func theFirstOpeningMakesEverything(_ dialect: StoreDialect) async throws {
        try await KeyringFixture.with(dialect) { fixture in
            let keyring = try await fixture.open()
            let status = try await keyring.status()
            #expect(status.epoch == 1 && status.recoveryPending && status.outdated == 0)
            #expect(status.providers == ["key-file", "recovery-phrase"])
            #expect(try await fixture.open().institution == keyring.institution)
            #expect(try await fixture.facts() == ["keyring.created.v1"])
        }
    }

    /// Processes that start on a new store together end up with one root key and one key file.
    @Test(arguments: StoreFixture.dialects)
    func manyFirstOpeningsMakeOneKey(_ dialect: StoreDialect) async throws {
        try await KeyringFixture.with(dialect) { fixture in
            let secrets = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let store = try await Database.open(fixture.fixture.location, clock: fixture.fixture.clock)
                        let keyring = try await Keyring.open(store, keyFile: fixture.keyFile)
                        let secret = try await keyring.secret(named: "shared")
                        await store.close()
                        return secret
                    }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(secrets.count == 1)
            #expect(try await fixture.count("keyring_wraps") == 2)
            #expect(try await fixture.count("keyring_epochs") == 1)
            #expect(try await fixture.facts() == ["keyring.created.v1"])
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aLostKeyFileIsReplacedWithThePhrase(_ dialect: StoreDialect) async throws {
        try await KeyringFixture.with(dialect) { fixture in
            let keyring = try await fixture.open()
            let sealed = try await fixture.seal(3, with: keyring)
            let words = try #require(try await keyring.showRecoveryPhrase(to: KeyringFixture.operatorOne))
            let lost = try Data(contentsOf: URL(fileURLWithPath: fixture.keyFile.path))
            try FileManager.default.removeItem(atPath: fixture.keyFile.path)
            let fault = await #expect(throws: Fault.self) { try await fixture.open() }
            #expect(fault?.code == .unavailable && fault?.message.contains("is missing") == true)
            #expect(fault?.message.contains("salus keys recovery --restore") == true)

            let phraseKey = try RecoveryWords.decode(words.joined(separator: " "))
            try await Keyring.restore(
                fixture.store, phraseKey: phraseKey, keyFile: fixture.keyFile, actor: KeyringFixture.operatorOne)
            #expect(try await fixture.opens(sealed, with: try await fixture.open()))
            #expect(try await fixture.facts().contains("keyring.key-file-replaced.v1"))

            // Whoever finds the lost one opens nothing with it, and an existing one is never overwritten.
            let found = KeyFile(path: fixture.fixture.folder + "/found")
            _ = FileManager.default.createFile(
                atPath: found.path, contents: lost, attributes: [.posixPermissions: 0o600])
            let wrong = await #expect(throws: Fault.self) { try await Keyring.open(fixture.store, keyFile: found) }
            #expect(wrong?.message.contains("does not open this installation") == true)
            let second = await #expect(throws: Fault.self) {
                try await Keyring.restore(
                    fixture.store, phraseKey: phraseKey, keyFile: fixture.keyFile, actor: KeyringFixture.operatorOne)
            }
            #expect(second?.code == .conflict)
            #expect(try await fixture.opens(sealed, with: try await fixture.open()))
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aWrongPhraseRestoresNothing(_ dialect: StoreDialect) async throws {
        try await KeyringFixture.with(dialect) { fixture in
            let keyring = try await fixture.open()
            let words = try #require(try await keyring.showRecoveryPhrase(to: KeyringFixture.operatorOne))
            var wrong = try RecoveryWords.decode(words.joined(separator: " "))
            wrong[31] ^= 1
            let target = KeyFile(path: fixture.fixture.folder + "/new")
            let (bad, facts) = (wrong, try await fixture.facts())
            let fault = await #expect(throws: Fault.self) {
                try await Keyring.restore(
                    fixture.store, phraseKey: bad, keyFile: target, actor: KeyringFixture.operatorOne)
            }
            #expect(fault?.code == .refused)
            #expect(try target.read() == nil)
            #expect(try await fixture.facts() == facts)
            _ = try await fixture.open()
        }
    }

    /// New words take the place of those that are lost or were seen; records and key file stay as they are.
    @Test(arguments: StoreFixture.dialects)
    func newWordsTakeThePlaceOfTheOldOnes(_ dialect: StoreDialect) async throws {
        try await KeyringFixture.with(dialect) { fixture in
            let (keyring, who) = (try await fixture.open(), KeyringFixture.operatorOne)
            let sealed = try await fixture.seal(3, with: keyring)
            let old = try #require(try await keyring.showRecoveryPhrase(to: who))
            try await keyring.eraseRecoveryPhrase(by: who)
            try await keyring.renewRecoveryPhrase(with: fixture.keyFile, by: who)
            #expect(try await keyring.status().recoveryPending)
            let new = try #require(try await keyring.showRecoveryPhrase(to: who))
            #expect(old != new)
            #expect(try await fixture.facts().contains("keyring.recovery-renewed.v1"))
            #expect(try await fixture.opens(sealed, with: try await fixture.open()))

            let target = KeyFile(path: fixture.fixture.folder + "/new")
            let refused = await #expect(throws: Fault.self) {
                try await Keyring.restore(
                    fixture.store, phraseKey: try RecoveryWords.decode(old.joined(separator: " ")), keyFile: target,
                    actor: who)
            }
            #expect(refused?.code == .refused)
            try await Keyring.restore(
                fixture.store, phraseKey: try RecoveryWords.decode(new.joined(separator: " ")), keyFile: target,
                actor: who)
            #expect(try await fixture.opens(sealed, with: try await Keyring.open(fixture.store, keyFile: target)))

            // Only who has the key file that is in force can make new words.
            let fault = await #expect(throws: Fault.self) {
                try await keyring.renewRecoveryPhrase(with: fixture.keyFile, by: who)
            }
            #expect(fault?.code == .unavailable)
            #expect(try await keyring.showRecoveryPhrase(to: who) == new)
        }
    }

    /// A restoration that the store refused leaves no file behind that would stop the next attempt.
    @Test func aFailedRestorationCanBeRepeated() async throws {
        try await KeyringFixture.with(.sqlite) { fixture in
            let words = try #require(
                try await fixture.open().showRecoveryPhrase(to: KeyringFixture.operatorOne))
            let key = try RecoveryWords.decode(words.joined(separator: " "))
            let target = KeyFile(path: fixture.fixture.folder + "/new")
            let unwritable = EntityReference(type: "operator", id: "\u{0}")
            await #expect(throws: Fault.self) {
                try await Keyring.restore(fixture.store, phraseKey: key, keyFile: target, actor: unwritable)
            }
            _ = try await fixture.open()
            try await Keyring.restore(
                fixture.store, phraseKey: key, keyFile: target, actor: KeyringFixture.operatorOne)
            _ = try await Keyring.open(fixture.store, keyFile: target)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func thePhraseIsShownConfirmedAndForgotten(_ dialect: StoreDialect) async throws {
        try await KeyringFixture.with(dialect) { fixture in
            let keyring = try await fixture.open()
            let who = KeyringFixture.operatorOne
            let words = try #require(try await keyring.showRecoveryPhrase(to: who))
            #expect(words.count == 24)
            #expect(try await keyring.showRecoveryPhrase(to: who) == words)
            let other = words[0] == "zoo" ? "abandon" : "zoo"
            let wrong: [[Int: String]] = [
                [:], [1: words[0]], [1: words[0], 2: words[1]],
                [1: other, 2: words[1], 3: words[2]], [1: words[0], 2: words[1], 3: words[2], 4: ""],
                [0: words[0], 1: words[0], 2: words[1]], [25: words[0], 1: words[0], 2: words[1]],
                [.min: words[0], 1: words[0], 2: words[1]], [.max: words[0], 1: words[0], 2: words[1]],
            ]
            for answer in wrong { #expect(try await !keyring.confirmRecoveryPhrase(answer, by: who), "\(answer)") }
            #expect(try await keyring.status().recoveryPending)
            #expect(try await fixture.count("keyring_secrets WHERE name = 'recovery-phrase'") == 1)

            let right = [3: words[2].uppercased(), 11: words[10], 24: words[23]]
            #expect(try await keyring.confirmRecoveryPhrase(right, by: who))
            #expect(try await fixture.count("keyring_secrets WHERE name = 'recovery-phrase'") == 0)
            #expect(try await !keyring.status().recoveryPending)
            #expect(try await keyring.showRecoveryPhrase(to: who) == nil)
            #expect(try await !keyring.confirmRecoveryPhrase(right, by: who))
            #expect(
                try await fixture.facts() == [
                    "keyring.created.v1", "keyring.recovery-confirmed.v1", "keyring.recovery-shown.v1",
                    "keyring.recovery-shown.v1",
                ])
            // The wrap stays: the paper still opens the house.
            let key = try RecoveryWords.decode(words.joined(separator: " "))
            let target = KeyFile(path: fixture.fixture.folder + "/new")
            try await Keyring.restore(fixture.store, phraseKey: key, keyFile: target, actor: who)
            _ = try await Keyring.open(fixture.store, keyFile: target)
        }
    }

    /// Losing the paper loses nothing while the key file is there.
    @Test func withoutThePhraseTheKeyFileOpens() async throws {
        try await KeyringFixture.with(.sqlite) { fixture in
            let keyring = try await fixture.open()
            let sealed = try await fixture.seal(2, with: keyring)
            try await keyring.eraseRecoveryPhrase(by: KeyringFixture.operatorOne)
            #expect(try await keyring.showRecoveryPhrase(to: KeyringFixture.operatorOne) == nil)
            #expect(try await fixture.opens(sealed, with: try await fixture.open()))
        }
    }

    @Test func anotherInstallationsKeyFileIsRefused() async throws {
        try await KeyringFixture.with(.sqlite) { fixture in
            try await KeyringFixture.with(.sqlite) { other in
                _ = try await fixture.open()
                _ = try await other.open()
                let fault = await #expect(throws: Fault.self) {
                    try await Keyring.open(fixture.store, keyFile: other.keyFile)
                }
                #expect(fault?.code == .unavailable && fault?.message.contains("--key-file") == true)
            }
        }
    }
}
