// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import Synchronization
import TestSupport
import Testing

@testable import Keyring

@Suite struct RotationTests {
    struct Interrupted: Error {}

    @Test(arguments: StoreFixture.dialects)
    func everythingStaysReadableThroughARotation(_ dialect: StoreDialect) async throws {
        try await KeyringFixture.with(dialect) { fixture in
            let keyring = try await fixture.open()
            let sealed = try await fixture.seal(450, with: keyring)
            let secret = try await keyring.secret(named: "ledger-signing")
            #expect(try await fixture.opens(sealed, with: keyring))
            let told = Mutex<[[Int64]]>([])
            let result = try await keyring.rotate(by: KeyringFixture.operatorOne) { done, all in
                told.withLock { $0.append([done, all]) }
            }
            // 450 data keys, the signing key and the recovery phrase.
            #expect(result.epoch == 2 && result.rewrapped == 452)
            #expect(told.withLock { $0 }.first == [0, 452] && told.withLock { $0 }.last == [452, 452])
            for reader in [keyring, try await fixture.open()] {
                #expect(try await fixture.opens(sealed, with: reader))
                #expect(try await reader.secret(named: "ledger-signing") == secret)
            }
            #expect(try await fixture.count("keyring_epochs") == 1)
            #expect(try await fixture.count("keyring_epochs WHERE epoch = 2") == 1)
            #expect(try await keyring.status().outdated == 0)
            let facts = try await fixture.facts()
            #expect(
                Set(facts) == ["keyring.created.v1", "keyring.rotation-started.v1", "keyring.rotation-finished.v1"])
        }
    }

    /// The destroyed epoch is gone from memory too, so a stolen old row opens nothing in a running process.
    @Test func anOldEpochIsForgotten() async throws {
        try await KeyringFixture.with(.sqlite) { fixture in
            let keyring = try await fixture.open()
            let sealed = try await fixture.seal(1, with: keyring)
            let row = try #require(
                try await fixture.store.read { tx in try tx.row("SELECT id, epoch, wrapped FROM keyring_data_keys") })
            _ = try await keyring.rotate(by: KeyringFixture.operatorOne)
            #expect(keyring.openEpochs == 0)
            #expect(try await fixture.opens(sealed, with: keyring))
            try await fixture.store.write { tx in
                try tx.execute(
                    "UPDATE keyring_data_keys SET epoch = 1, wrapped = ? WHERE id = ?", [row.values[2], row.values[0]])
            }
            let fault = await #expect(throws: Fault.self) { try await fixture.opens(sealed, with: fixture.open()) }
            #expect(fault?.code == .damaged && fault?.message.contains("epoch 1 is gone") == true)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aRotationThatIsInterruptedAnywhereIsCarriedOn(_ dialect: StoreDialect) async throws {
        try await KeyringFixture.with(dialect) { fixture in
            let keyring = try await fixture.open()
            var sealed = try await fixture.seal(450, with: keyring)
            var (epoch, stop, isInterrupted) = (Int64(1), 0, true)
            while isInterrupted {
                stop += 1
                let left = Mutex(stop)
                do {
                    _ = try await keyring.rotate(by: KeyringFixture.operatorOne) { _, _ in
                        try left.withLock { left in
                            left -= 1
                            if left == 0 { throw Interrupted() }
                        }
                    }
                    isInterrupted = false
                } catch is Interrupted {
                    #expect(try await fixture.count("keyring_epochs") == 2)
                    // Everything opens while two epochs stand side by side, also for who starts just now.
                    let fresh = try await fixture.open()
                    sealed += try await fixture.seal(1, with: fresh)
                    for reader in [keyring, fresh] { #expect(try await fixture.opens(sealed, with: reader)) }
                    #expect(try await fresh.rotate(by: KeyringFixture.operatorOne).epoch == epoch + 1)
                }
                epoch += 1
                #expect(try await fixture.count("keyring_epochs") == 1)
                #expect(try await fixture.count("keyring_data_keys WHERE epoch = \(epoch)") == Int64(sealed.count))
                #expect(try await keyring.status().outdated == 0)
                #expect(try await fixture.opens(sealed, with: keyring))
            }
            // At the beginning, after each of three or four batches, and then not at all.
            #expect(stop >= 5)
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func keysMadeMeanwhileStandUnderTheNewEpoch(_ dialect: StoreDialect) async throws {
        try await KeyringFixture.with(dialect) { fixture in
            let keyring = try await fixture.open()
            let old = try await fixture.seal(300, with: keyring)
            let other = try await Database.open(fixture.fixture.location, clock: fixture.fixture.clock)
            let neighbour = try await Keyring.open(other, keyFile: fixture.keyFile)
            let all = try await withThrowingTaskGroup(of: [Sealed].self) { group in
                for maker in [keyring, neighbour] {
                    group.addTask {
                        var made: [Sealed] = []
                        for _ in 0..<40 {
                            made += try await fixture.seal(1, with: maker)
                            let opens = try await fixture.opens(old.prefix(3) + made, with: maker)
                            #expect(opens)
                        }
                        return made
                    }
                }
                group.addTask {
                    for _ in 0..<3 { _ = try await neighbour.rotate(by: KeyringFixture.operatorOne) }
                    return []
                }
                return try await group.reduce(into: old) { $0 += $1 }
            }
            #expect(all.count == 380)
            for reader in [keyring, neighbour, try await fixture.open()] {
                #expect(try await fixture.opens(all, with: reader))
            }
            #expect(try await fixture.count("keyring_epochs") == 1)
            let status = try await keyring.status()
            #expect(status.outdated == 0 && status.epoch == 4)
            await other.close()
        }
    }

    /// Two operators who rotate at once finish one or two rotations, and lose nothing.
    @Test(arguments: StoreFixture.dialects)
    func twoRotationsAtOnce(_ dialect: StoreDialect) async throws {
        try await KeyringFixture.with(dialect) { fixture in
            let (one, other) = (try await fixture.open(), try await fixture.open())
            let sealed = try await fixture.seal(450, with: one)
            async let first = one.rotate(by: KeyringFixture.operatorOne)
            async let second = other.rotate(by: KeyringFixture.operatorOne)
            let epochs = try await [first.epoch, second.epoch]
            #expect(epochs.allSatisfy { (2...3).contains($0) })
            #expect(try await fixture.count("keyring_epochs") == 1)
            for reader in [one, other] { #expect(try await fixture.opens(sealed, with: reader)) }
        }
    }

    @Test(arguments: StoreFixture.dialects)
    func aNewEpochThatWasRolledBackIsNotRemembered(_ dialect: StoreDialect) async throws {
        try await KeyringFixture.with(dialect) { fixture in
            let keyring = try await fixture.open()
            await #expect(throws: Interrupted.self) {
                try await fixture.store.write { tx in
                    try keyring.makeEpoch(2, in: tx)
                    _ = try keyring.makeDataKey(owner: "patient", in: tx)
                    throw Interrupted()
                }
            }
            let sealed = try await fixture.seal(2, with: keyring)
            #expect(try await keyring.rotate(by: KeyringFixture.operatorOne).epoch == 2)
            #expect(try await fixture.opens(sealed, with: try await fixture.open()))
        }
    }
}
