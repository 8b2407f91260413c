// SPDX-License-Identifier: Apache-2.0

import ChunkedEncryption
import Codecs
package import Kernel
import Ledger
package import Store

extension Keyring {
    /// The names of the providers that wrap the root key.
    enum Provider: String {
        case keyFile = "key-file"
        case recoveryPhrase = "recovery-phrase"
    }

    /// The institution of this store, which is made with the store's first opening.
    package static func institution(in store: Database) async throws -> Identifier<Institution> {
        if let known = try await store.read(existingInstitution) { return known }
        return try await store.write { tx in
            if let known = try existingInstitution(tx) { return known }
            let id = Identifier<Institution>(at: tx.now)
            try tx.execute(
                "INSERT INTO keyring_institution (id, created) VALUES (?, ?)",
                [.bytes(id.bytes), .integer(tx.now.microseconds)])
            return id
        }
    }

    private static func existingInstitution(_ tx: any ReadTransaction) throws -> Identifier<Institution>? {
        guard let row = try tx.row("SELECT id FROM keyring_institution ORDER BY id", []) else { return nil }
        guard let id = Identifier<Institution>(bytes: try row.bytes(0)) else {
            throw Fault(.damaged, "The institution's id is no identifier.")
        }
        return id
    }

    /// Opens the keyring with the key in `keyFile`; makes root key, both wraps and the first epoch where there
    /// are none yet.
    ///
    /// - Throws: `Fault.unavailable` when the key file is missing or belongs to another installation.
    package static func open(_ store: Database, keyFile: KeyFile) async throws -> Keyring {
        let institution = try await institution(in: store)
        let wraps = try await store.read { tx in
            try tx.rows("SELECT provider FROM keyring_wraps ORDER BY provider", []).map { try $0.text(0) }
        }
        if wraps.isEmpty { return try await create(store, institution, keyFile) }
        guard let fileKey = try keyFile.read() else { throw missing(keyFile) }
        let root = try await store.read { tx in
            try unwrapRoot(tx, .keyFile, try InputKey(fileKey), institution)
        }
        guard let root else { throw foreign(keyFile) }
        return Keyring(institution: institution, store: store, root: try InputKey(root))
    }

    static func missing(_ keyFile: KeyFile) -> Fault {
        Fault(
            .unavailable,
            """
            The key file \(keyFile.path) is missing. Put it back, name it with --key-file where it lies elsewhere, or make a new \
            one with the recovery phrase: salus keys recovery --restore
            """)
    }

    static func foreign(_ keyFile: KeyFile) -> Fault {
        Fault(
            .unavailable,
            """
            The key file \(keyFile.path) does not open this installation. Name the right one with --key-file, \
            or make a new one with the recovery phrase: salus keys recovery --restore
            """)
    }

    /// The root key; nil where `key` does not open the wrap of `provider`.
    static func unwrapRoot(
        _ tx: any ReadTransaction, _ provider: Provider, _ key: InputKey, _ institution: Identifier<Institution>
    ) throws -> [UInt8]? {
        guard
            let row = try tx.row(
                "SELECT wrapped FROM keyring_wraps WHERE provider = ?", [.text(provider.rawValue)])
        else { return nil }
        let context = wrapContext("root", Array(provider.rawValue.utf8), institution: institution)
        return try? key.open(try row.bytes(0), context: context)
    }

    private static func create(
        _ store: Database, _ institution: Identifier<Institution>, _ keyFile: KeyFile
    ) async throws -> Keyring {
        let fileKey = try existingOrNewKey(in: keyFile)
        let (rootBytes, phraseKey) = (randomKey(), randomKey())
        let keyring = Keyring(institution: institution, store: store, root: try InputKey(rootBytes))
        let isOurs = try await store.write { tx in
            guard try tx.row("SELECT provider FROM keyring_wraps ORDER BY provider", []) == nil else { return false }
            try keyring.addWrap(of: rootBytes, .keyFile, fileKey, in: tx)
            try keyring.addWrap(of: rootBytes, .recoveryPhrase, phraseKey, in: tx)
            try keyring.makeEpoch(1, in: tx)
            try keyring.keep(phraseKey, as: recoverySecret, in: tx)
            try tx.record(Fact(KeyringFacts.created, by: .system, [.init("epoch", 1), .init("wraps", 2)]))
            return true
        }
        // Another process was first: its root key counts, and the shared key file opens it.
        return isOurs ? keyring : try await open(store, keyFile: keyFile)
    }

    private static func existingOrNewKey(in keyFile: KeyFile) throws -> [UInt8] {
        if let existing = try keyFile.read() { return existing }
        let fresh = randomKey()
        do {
            try keyFile.create(fresh)
            return fresh
        } catch let fault as Fault where fault.code == .conflict {
            // Another process that starts just now was first; both go on with its file.
            guard let existing = try keyFile.read() else { throw fault }
            return existing
        }
    }

    func addWrap(
        of root: [UInt8], _ provider: Provider, _ key: [UInt8], in tx: any Transaction
    ) throws {
        let wrapped = try wrap(root, with: try InputKey(key), "root", Array(provider.rawValue.utf8))
        try tx.execute(
            """
            INSERT INTO keyring_wraps (provider, wrapped, created) VALUES (?, ?, ?)
            ON CONFLICT (provider) DO UPDATE SET wrapped = excluded.wrapped, created = excluded.created
            """,
            [.text(provider.rawValue), .bytes(wrapped), .integer(tx.now.microseconds)])
    }

    /// Makes a new key file with the recovery phrase, for when the old one is lost.
    ///
    /// - Throws: `Fault.refused` when the phrase is not this installation's, `Fault.conflict` when `keyFile`
    ///   exists already, `Fault.unavailable` when it cannot be written.
    package static func restore(
        _ store: Database, phraseKey: [UInt8], keyFile: KeyFile, actor: EntityReference
    ) async throws {
        let institution = try await institution(in: store)
        let phrase = try InputKey(phraseKey)
        let rootBytes = try await store.read { tx in try unwrapRoot(tx, .recoveryPhrase, phrase, institution) }
        guard let rootBytes else {
            throw Fault(
                .refused, "This recovery phrase belongs to another installation, or a newer one has taken its place.")
        }
        let fileKey = randomKey()
        try keyFile.create(fileKey)
        let keyring = Keyring(institution: institution, store: store, root: try InputKey(rootBytes))
        do {
            try await store.write { tx in
                try keyring.addWrap(of: rootBytes, .keyFile, fileKey, in: tx)
                try tx.record(Fact(KeyringFacts.keyFileReplaced, by: actor))
            }
        } catch {
            // A file that opens nothing would stand in the way of the next attempt.
            keyFile.remove()
            throw error
        }
    }
}
