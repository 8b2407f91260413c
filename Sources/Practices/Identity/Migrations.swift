// SPDX-License-Identifier: Apache-2.0

import Store

/// The tables of this practice.
///
/// Passwords and second-factor secrets are sealed; session, device and link tokens and recovery codes are stored as
/// hashes only; names of throttling buckets are keyed hashes.
enum IdentityMigrations {
    static let all = [
        Migration(
            name: "identity/0001_people",
            statements: [
                """
                CREATE TABLE identity_people (
                    id BYTES PRIMARY KEY, login TEXT NOT NULL UNIQUE, name BYTES NOT NULL, enabled BIGINT NOT NULL,
                    created BIGINT NOT NULL, invited BIGINT, signed_in BIGINT)
                """,
                """
                CREATE TABLE identity_roles (
                    person BYTES NOT NULL, role TEXT NOT NULL, PRIMARY KEY (person, role))
                """,
                """
                CREATE TABLE identity_passwords (
                    person BYTES PRIMARY KEY, sealed BYTES NOT NULL, changed BIGINT NOT NULL)
                """,
                """
                CREATE TABLE identity_factors (
                    person BYTES PRIMARY KEY, sealed BYTES NOT NULL, last_step BIGINT NOT NULL, confirmed BIGINT)
                """,
                """
                CREATE TABLE identity_recovery_codes (
                    person BYTES NOT NULL, hash BYTES NOT NULL, used BIGINT, PRIMARY KEY (person, hash))
                """,
            ]),
        Migration(
            name: "identity/0002_sessions",
            statements: [
                """
                CREATE TABLE identity_links (
                    hash BYTES PRIMARY KEY, person BYTES NOT NULL, expires BIGINT NOT NULL, used BIGINT)
                """,
                "CREATE INDEX identity_links_person ON identity_links (person)",
                """
                CREATE TABLE identity_sessions (
                    hash BYTES PRIMARY KEY, id BYTES NOT NULL UNIQUE, person BYTES NOT NULL, started BIGINT NOT NULL,
                    seen BIGINT NOT NULL, expires BIGINT NOT NULL, second_factor_at BIGINT NOT NULL)
                """,
                "CREATE INDEX identity_sessions_person ON identity_sessions (person)",
                // One browser on a ward is known for everybody who signs in there.
                """
                CREATE TABLE identity_devices (
                    hash BYTES NOT NULL, person BYTES NOT NULL, expires BIGINT NOT NULL, PRIMARY KEY (hash, person))
                """,
                "CREATE INDEX identity_devices_person ON identity_devices (person)",
                """
                CREATE TABLE identity_attempts (
                    bucket BYTES PRIMARY KEY, since BIGINT NOT NULL, failures BIGINT NOT NULL)
                """,
            ]),
        Migration(
            name: "identity/0003_prepared", statements: ["ALTER TABLE identity_links ADD COLUMN prepared BIGINT"]),
        Migration(
            name: "identity/0004_proofs",
            // Sessions from before have given no proof.
            statements: ["ALTER TABLE identity_sessions ADD COLUMN proved BIGINT NOT NULL DEFAULT 0"]),
        Migration(
            name: "identity/0005_invented",
            // Somebody of the demonstration, whose password nobody knows, until a link is made for them.
            statements: ["ALTER TABLE identity_people ADD COLUMN invented BIGINT NOT NULL DEFAULT 0"]),
    ]
}
