// SPDX-License-Identifier: Apache-2.0

package import Store

extension EvidenceLog {
    /// The tables of the log: what waits to be sequenced, the round that is being published, how far the log is, and
    /// an index that can be rebuilt.
    package static let migrations = [
        Migration(
            name: "ledger/0001_evidence",
            statements: [
                "CREATE TABLE ledger_pending (id BYTES PRIMARY KEY, leaf BYTES NOT NULL) CLUSTERED",
                "CREATE TABLE ledger_round (first BIGINT PRIMARY KEY, ids BYTES NOT NULL)",
                """
                CREATE TABLE ledger_state (
                    one BIGINT PRIMARY KEY, size BIGINT NOT NULL, frontier BYTES NOT NULL, indexed BIGINT NOT NULL)
                """,
                """
                CREATE TABLE ledger_leaves (
                    position BIGINT PRIMARY KEY, id BYTES NOT NULL UNIQUE, kind TEXT NOT NULL, at BIGINT NOT NULL,
                    actor TEXT NOT NULL, subject BYTES) CLUSTERED
                """,
                "CREATE INDEX ledger_leaves_kind ON ledger_leaves (kind, position)",
                "CREATE INDEX ledger_leaves_actor ON ledger_leaves (actor, position)",
                "CREATE INDEX ledger_leaves_subject ON ledger_leaves (subject, position) WHERE subject IS NOT NULL",
                "CREATE TABLE ledger_tiles (path TEXT PRIMARY KEY, bytes BYTES NOT NULL)",
            ]),
        // Stays empty where the reserve is a file.
        Migration(
            name: "ledger/0002_reserve",
            statements: [
                "CREATE TABLE ledger_reserve_state (one BIGINT PRIMARY KEY, tried BIGINT NOT NULL, made BIGINT)"
            ]),
    ]
}
