// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kernel
import Keyring
import Ledger
import RecoveryPhrase
import Store
import TestSupport
import Testing

/// A store with the tables of the keyring and a key file beside it, for the length of one test.
struct KeyringFixture: Sendable {
    let fixture: StoreFixture

    var store: Database { fixture.database }
    var keyFile: KeyFile { KeyFile(path: fixture.folder + "/keys/salus.root") }

    static let operatorOne = EntityReference.operator(uid: 1)
    static let secret = Array("a name that nobody may read".utf8)
    static let context = SealingContext(kind: "record", id: [1, 2, 3], version: 4)

    static func with(
        _ dialect: StoreDialect, isolation: isolated (any Actor)? = #isolation,
        _ body: (KeyringFixture) async throws -> Void
    ) async throws {
        try await StoreFixture.with(dialect, migrations: EvidenceLog.migrations + Keyring.migrations) { fixture in
            try await body(KeyringFixture(fixture: fixture))
        }
    }

    func open() async throws -> Keyring {
        try await Keyring.open(store, keyFile: keyFile)
    }

    /// Makes `count` data keys, each with something sealed under it.
    func seal(_ count: Int, with keyring: Keyring) async throws -> [Sealed] {
        try await store.write { tx in
            try (0..<count).map { number in
                let key = try keyring.makeDataKey(owner: "patient", in: tx)
                return Sealed(id: key.id, bytes: try key.seal(Self.secret + [UInt8(number & 255)], Self.context))
            }
        }
    }

    /// Whether everything that was sealed opens with `keyring`.
    func opens(_ sealed: [Sealed], with keyring: Keyring) async throws -> Bool {
        try await store.read { tx in
            try sealed.allSatisfy { one in
                let bytes = try keyring.dataKey(one.id, in: tx).open(one.bytes, Self.context)
                return bytes.dropLast() == Self.secret[...]
            }
        }
    }

    /// The kinds of what the keyring told the log, sorted: within a millisecond ids have no order.
    func facts() async throws -> [String] {
        try await store.read { tx in
            try tx.rows("SELECT leaf FROM ledger_pending ORDER BY id").map {
                try Ledger.Leaf(decoding: $0.bytes(0)).kind
            }.sorted()
        }
    }

    func count(_ sql: String) async throws -> Int64 {
        try await store.read { tx in try tx.row("SELECT count(*) FROM \(sql)")?.integer(0) ?? -1 }
    }
}

/// Something sealed, and the key that opens it.
struct Sealed: Sendable {
    let id: Identifier<DataKey>
    let bytes: [UInt8]
}
