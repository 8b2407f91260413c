// SPDX-License-Identifier: Apache-2.0

import ChunkedEncryption
import Crypto
package import Kernel
import Ledger
package import Store
import Synchronization

/// The keys of the institution: root key → key-encryption-key epochs → data keys, and named secrets.
///
/// The root key is wrapped by two independent providers, a key file and an offline recovery phrase, so that
/// losing either one alone loses nothing. Keys are unwrapped in memory only.
package final class Keyring: Sendable, CustomReflectable {
    /// The institution of this installation, which is the tenant in every sealing context.
    package let institution: Identifier<Institution>
    let store: Database
    private let root: InputKey
    private let opened = Mutex<Opened>(Opened())

    private struct Opened {
        /// By the wrapped key, not by the epoch's number: a transaction that made an epoch may still roll back.
        var epochs: [[UInt8]: InputKey] = [:]
        var dataKeys: [Identifier<DataKey>: OpenKey] = [:]
    }

    /// How many data keys are kept open; the one used longest ago does not matter, they are cheap to open.
    private static let cacheLimit = 4_096

    /// Nothing, so that no dump shows a key.
    package var customMirror: Mirror { Mirror(self, children: []) }

    init(institution: Identifier<Institution>, store: Database, root: InputKey) {
        self.institution = institution
        self.store = store
        self.root = root
    }

    // The order of wrapping: providers wrap the root, the root wraps epochs, an epoch wraps data keys and secrets.

    static func wrapContext(_ kind: String, _ id: [UInt8], institution: Identifier<Institution>) -> [UInt8] {
        SealingContext(kind: kind, id: id).encoded(institution: institution, key: nil)
    }

    /// The key-encryption key of `epoch`.
    ///
    /// - Throws: `Fault.damaged` when the epoch is gone or does not open.
    func epochKey(_ epoch: Int64, in tx: any ReadTransaction) throws -> InputKey {
        guard let row = try tx.row("SELECT wrapped FROM keyring_epochs WHERE epoch = ?", [.integer(epoch)]) else {
            throw Fault(.damaged, "The key of epoch \(epoch) is gone; what it wrapped cannot be opened.")
        }
        let wrapped = try row.bytes(0)
        if let key = opened.withLock({ $0.epochs[wrapped] }) { return key }
        let key = try InputKey(try unwrap(wrapped, with: root, "epoch", epoch.bigEndianBytes))
        opened.withLock { state in
            // There are two during a rotation; more means that destroyed ones are still remembered.
            if state.epochs.count > 1 { state.epochs.removeAll() }
            state.epochs[wrapped] = key
        }
        return key
    }

    /// Forgets the opened epochs, among them those that a rotation has destroyed.
    func forgetEpochs() {
        opened.withLock { $0.epochs.removeAll() }
    }

    /// How many epochs are open in memory.
    var openEpochs: Int {
        opened.withLock { $0.epochs.count }
    }

    /// Makes the next epoch.
    func makeEpoch(_ epoch: Int64, in tx: any Transaction) throws {
        let wrapped = try wrap(Self.randomKey(), with: root, "epoch", epoch.bigEndianBytes)
        try tx.execute(
            "INSERT INTO keyring_epochs (epoch, wrapped, created) VALUES (?, ?, ?)",
            [.integer(epoch), .bytes(wrapped), .integer(tx.now.microseconds)])
    }

    /// The number of the newest epoch.
    func newestEpoch(in tx: any ReadTransaction) throws -> Int64 {
        guard let epoch = try tx.row("SELECT max(epoch) FROM keyring_epochs", [])?.optionalInteger(0) else {
            throw Fault(.damaged, "The keyring has no epoch.")
        }
        return epoch
    }

    /// Makes a data key for `owner` (`patient`, `institution`) within the transaction that first uses it.
    package func makeDataKey(owner: String, in tx: any Transaction) throws -> OpenKey {
        let id = Identifier<DataKey>(at: tx.now)
        let epoch = try newestEpoch(in: tx)
        let bytes = Self.randomKey()
        let wrapped = try wrap(bytes, with: try epochKey(epoch, in: tx), "data-key", id.bytes)
        try tx.execute(
            "INSERT INTO keyring_data_keys (id, owner, epoch, wrapped, created) VALUES (?, ?, ?, ?, ?)",
            [
                .bytes(id.bytes), .text(owner), .integer(epoch), .bytes(wrapped), .integer(tx.now.microseconds),
            ])
        return try OpenKey(id: id, institution: institution, bytes: bytes)
    }

    /// The data key with this id.
    ///
    /// The row is looked up each time, so a destroyed key is useless at once; only the unwrapping is remembered.
    ///
    /// - Throws: `Fault.damaged` when the key is gone or does not open.
    package func dataKey(_ id: Identifier<DataKey>, in tx: any ReadTransaction) throws -> OpenKey {
        guard let row = try tx.row("SELECT epoch, wrapped FROM keyring_data_keys WHERE id = ?", [.bytes(id.bytes)])
        else {
            opened.withLock { _ = $0.dataKeys.removeValue(forKey: id) }
            throw Fault(.damaged, "A data key is gone; what it sealed cannot be opened any more.")
        }
        if let key = opened.withLock({ $0.dataKeys[id] }) { return key }
        let kek = try epochKey(try row.integer(0), in: tx)
        let bytes = try unwrap(try row.bytes(1), with: kek, "data-key", id.bytes)
        let key = try OpenKey(id: id, institution: institution, bytes: bytes)
        opened.withLock { state in
            if state.dataKeys.count >= Self.cacheLimit { state.dataKeys.removeAll(keepingCapacity: true) }
            state.dataKeys[id] = key
        }
        return key
    }

    /// Wraps `bytes` for the context of a key.
    func wrap(_ bytes: [UInt8], with key: InputKey, _ kind: String, _ id: [UInt8]) throws -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return try key.seal(
            bytes, context: Self.wrapContext(kind, id, institution: institution), using: &generator)
    }

    /// Unwraps what `wrap` made.
    ///
    /// - Throws: `Fault.damaged` when it was changed, moved, or wrapped by another key.
    func unwrap(_ wrapped: [UInt8], with key: InputKey, _ kind: String, _ id: [UInt8]) throws -> [UInt8] {
        do {
            return try key.open(wrapped, context: Self.wrapContext(kind, id, institution: institution))
        } catch {
            throw Fault(.damaged, "A wrapped \(kind) does not open: it was changed or belongs to another key.")
        }
    }

    /// 32 random bytes from the system.
    static func randomKey() -> [UInt8] {
        unsafe SymmetricKey(size: .bits256).withUnsafeBytes { unsafe Array($0) }
    }
}

extension Int64 {
    /// The eight bytes, most significant first.
    var bigEndianBytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: self >> (56 - 8 * Int64($0))) }
    }
}
