// SPDX-License-Identifier: Apache-2.0

package import Store

extension Keyring {
    /// The tables of the keyring: everything in them is wrapped.
    package static let migrations = [
        Migration(
            name: "keyring/0001_keys",
            statements: [
                "CREATE TABLE keyring_institution (id BYTES PRIMARY KEY, created BIGINT NOT NULL)",
                "CREATE TABLE keyring_wraps (provider TEXT PRIMARY KEY, wrapped BYTES NOT NULL, created BIGINT NOT NULL)",
                "CREATE TABLE keyring_epochs (epoch BIGINT PRIMARY KEY, wrapped BYTES NOT NULL, created BIGINT NOT NULL)",
                """
                CREATE TABLE keyring_data_keys (
                    id BYTES PRIMARY KEY, owner TEXT NOT NULL, epoch BIGINT NOT NULL, wrapped BYTES NOT NULL,
                    created BIGINT NOT NULL)
                """,
                "CREATE INDEX keyring_data_keys_epoch ON keyring_data_keys (epoch)",
                """
                CREATE TABLE keyring_secrets (
                    name TEXT PRIMARY KEY, epoch BIGINT NOT NULL, sealed BYTES NOT NULL, created BIGINT NOT NULL)
                """,
            ])
    ]
}
