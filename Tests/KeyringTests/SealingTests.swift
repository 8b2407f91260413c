// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Keyring
import Store
import TestSupport
import Testing

@Suite struct SealingTests {
    /// The bytes go into key derivations: when they change, nothing that was sealed opens any more.
    @Test func theBytesOfAContextNeverChange() throws {
        let institution = try #require(Identifier<Institution>(bytes: (0..<16).map { UInt8($0) }))
        let key = try #require(Identifier<DataKey>(bytes: (0..<16).map { UInt8($0 + 0xA0) }))
        let context = SealingContext(kind: "record", id: [0xDE, 0xAD], version: 258)
        #expect(
            Hex.encode(context.encoded(institution: institution, key: key))
                == "01" + "0010000102030405060708090a0b0c0d0e0f" + "00067265636f7264" + "0002dead"
                + "00080000000000000102" + "0010a0a1a2a3a4a5a6a7a8a9aaabacadaeaf")
        let bare = SealingContext(kind: "", id: [], version: -1)
        #expect(
            Hex.encode(bare.encoded(institution: institution, key: nil))
                == "01" + "0010000102030405060708090a0b0c0d0e0f" + "0000" + "0000" + "0008ffffffffffffffff" + "0000")
        #expect(SealingContext(kind: "x", id: []).version == 0)
    }

    /// Moving a byte from one field to the next gives another context.
    @Test func fieldsDoNotRunIntoEachOther() throws {
        let institution = try #require(Identifier<Institution>(bytes: [UInt8](repeating: 0, count: 16)))
        let contexts = [
            SealingContext(kind: "ab", id: [0x63]), SealingContext(kind: "a", id: [0x62, 0x63]),
            SealingContext(kind: "abc", id: []), SealingContext(kind: "", id: [0x61, 0x62, 0x63]),
        ]
        let encoded = contexts.map { $0.encoded(institution: institution, key: nil) }
        #expect(Set(encoded).count == contexts.count)
    }

    @Test(arguments: StoreFixture.dialects)
    func swappedCiphertextsDoNotOpen(_ dialect: StoreDialect) async throws {
        try await KeyringFixture.with(dialect) { fixture in
            let keyring = try await fixture.open()
            let (one, other) = try await fixture.store.write { tx in
                (try keyring.makeDataKey(owner: "patient", in: tx), try keyring.makeDataKey(owner: "patient", in: tx))
            }
            let context = SealingContext(kind: "record", id: [1], version: 2)
            let sealed = try one.seal(KeyringFixture.secret, context)
            #expect(try one.open(sealed, context) == KeyringFixture.secret)
            for wrong in [
                SealingContext(kind: "record", id: [2], version: 2),
                SealingContext(kind: "record", id: [1], version: 1),
                SealingContext(kind: "records", id: [1], version: 2),
                SealingContext(kind: "record", id: [1, 0], version: 2),
            ] {
                let fault = #expect(throws: Fault.self) { try one.open(sealed, wrong) }
                #expect(fault?.code == .damaged)
            }
            #expect(throws: Fault.self) { try other.open(sealed, context) }
            for place in sealed.indices {
                var bad = sealed
                bad[place] ^= 1
                #expect(throws: Fault.self) { try one.open(bad, context) }
            }
            #expect(throws: Fault.self) { try one.open(Array(sealed.dropLast()), context) }
            #expect(throws: Fault.self) { try one.open([], context) }
        }
    }

    /// A key of one institution's store, taken over row by row into another's, opens nothing there.
    @Test func anotherInstitutionsKeysDoNotOpen() async throws {
        try await KeyringFixture.with(.sqlite) { fixture in
            let keyring = try await fixture.open()
            let sealed = try await fixture.seal(1, with: keyring)
            try await fixture.store.write { tx in
                let other = Identifier<Institution>(at: tx.now)
                try tx.execute("UPDATE keyring_institution SET id = ?", [.bytes(other.bytes)])
            }
            let fault = await #expect(throws: Fault.self) { try await fixture.open() }
            #expect(fault?.message.contains("does not open this installation") == true)
            #expect(try await fixture.opens(sealed, with: keyring))
        }
    }

    /// Rows that were exchanged in the store are noticed as well.
    @Test(arguments: StoreFixture.dialects)
    func swappedWrapsDoNotOpen(_ dialect: StoreDialect) async throws {
        try await KeyringFixture.with(dialect) { fixture in
            let sealed = try await fixture.seal(2, with: try await fixture.open())
            let first = try await fixture.open().secret(named: "first")
            let second = try await fixture.open().secret(named: "second")
            #expect(first != second && first.count == 32)
            try await fixture.store.write { tx in
                let keys = try tx.rows("SELECT id, wrapped FROM keyring_data_keys ORDER BY id")
                for (to, from) in [(0, 1), (1, 0)] {
                    try tx.execute(
                        "UPDATE keyring_data_keys SET wrapped = ? WHERE id = ?",
                        [.bytes(try keys[from].bytes(1)), .bytes(try keys[to].bytes(0))])
                }
                try tx.execute("DELETE FROM keyring_secrets WHERE name = ?", ["first"])
                try tx.execute("UPDATE keyring_secrets SET name = ? WHERE name = ?", ["first", "second"])
            }
            let fresh = try await fixture.open()
            for one in sealed {
                let fault = await #expect(throws: Fault.self) {
                    try await fixture.store.read { tx in _ = try fresh.dataKey(one.id, in: tx) }
                }
                #expect(fault?.code == .damaged)
            }
            await #expect(throws: Fault.self) { try await fresh.secret(named: "first") }
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aDestroyedKeyIsUselessAtOnce(_ dialect: StoreDialect) async throws {
        try await KeyringFixture.with(dialect) { fixture in
            let keyring = try await fixture.open()
            let sealed = try await fixture.seal(1, with: keyring)
            #expect(try await fixture.opens(sealed, with: keyring))
            try await fixture.store.write { tx in
                try tx.execute("DELETE FROM keyring_data_keys WHERE id = ?", [.bytes(sealed[0].id.bytes)])
            }
            await #expect(throws: Fault.self) { try await fixture.opens(sealed, with: keyring) }
        }
    }

    @Test func nothingShowsAKey() async throws {
        try await KeyringFixture.with(.sqlite) { fixture in
            let keyring = try await fixture.open()
            let key = try await keyring.sharedKey(owner: "identity")
            let sealed = try key.seal(KeyringFixture.secret, KeyringFixture.context)
            _ = try key.open(sealed, KeyringFixture.context)
            var shown = "\(key) \(String(reflecting: key)) \(keyring) \(String(reflecting: keyring))"
            shown += "\([key]) \(Optional(key) as Any)"
            dump(key, to: &shown)
            dump(keyring, to: &shown)
            dump([key], to: &shown)
            dump(fixture.keyFile, to: &shown)
            #expect(shown.utf8.count < 2_000)
            for word in ["Symmetric", "bytes", "epochs", "dataKeys", "root:", "input"] {
                #expect(!shown.contains(word), "\(word) in \(shown)")
            }
            let fault = #expect(throws: Fault.self) { try key.open([1, 2, 3], KeyringFixture.context) }
            #expect(fault?.description.contains("name") == false)
        }
    }

    /// Pseudonyms stay the same, belong to one key, and do not give away each other.
    @Test func pseudonymsBelongToTheirKey() async throws {
        try await KeyringFixture.with(.sqlite) { fixture in
            let keyring = try await fixture.open()
            let one = try await keyring.sharedKey(owner: "one")
            let again = try await fixture.open().sharedKey(owner: "one")
            let other = try await keyring.sharedKey(owner: "other")
            #expect(one.ownerPseudonym == again.ownerPseudonym && one.ownerPseudonym.count == 16)
            #expect(one.ownerPseudonym != other.ownerPseudonym)
            #expect(one.pseudonym(of: [1]) != one.pseudonym(of: [2]))
        }
    }
}
