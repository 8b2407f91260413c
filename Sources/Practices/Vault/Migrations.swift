// SPDX-License-Identifier: Apache-2.0

package import Store

/// The tables of the vault. In the clear they hold types, sizes, versions, times and keyed hashes.
package enum VaultMigrations {
    /// All of them, oldest first.
    package static let all = [
        Migration(
            name: "vault/0001_records",
            statements: [
                """
                CREATE TABLE vault_patients (
                    id BYTES PRIMARY KEY, key_id BYTES NOT NULL, subject BYTES NOT NULL, card BYTES NOT NULL,
                    created BIGINT NOT NULL)
                """,
                """
                CREATE TABLE vault_records (
                    id BYTES PRIMARY KEY, lookup BYTES NOT NULL, version BIGINT NOT NULL, type TEXT NOT NULL,
                    patient BYTES, key_id BYTES NOT NULL, digest BYTES NOT NULL, size BIGINT NOT NULL,
                    created BIGINT NOT NULL, current BIGINT NOT NULL, sealed BYTES NOT NULL,
                    UNIQUE (lookup, version))
                """,
                "CREATE INDEX vault_records_patient ON vault_records (patient, type, current)",
                "CREATE INDEX vault_records_type ON vault_records (type, current)",
                "CREATE TABLE vault_files (mac BYTES PRIMARY KEY, resources BIGINT NOT NULL, at BIGINT NOT NULL)",
                "CREATE TABLE vault_identifiers (mac BYTES PRIMARY KEY, record BYTES NOT NULL)",
                "CREATE INDEX vault_identifiers_record ON vault_identifiers (record)",
            ]),
        Migration(
            name: "vault/0002_openings",
            statements: [
                // A page holds the records whose id is greater than `after` and not greater than `through`.
                """
                CREATE TABLE vault_openings (
                    through BYTES PRIMARY KEY, after BYTES NOT NULL, opened BIGINT NOT NULL, at BIGINT NOT NULL)
                """,
                "CREATE TABLE vault_unopenable (record BYTES PRIMARY KEY, at BIGINT NOT NULL)",
            ]),
        Migration(
            name: "vault/0003_relations",
            statements: [
                // What rules may ask about a patient, computed from the records; a row that is missing is made anew.
                "CREATE TABLE vault_relations (patient BYTES PRIMARY KEY, sealed BYTES NOT NULL)"
            ]),
        Migration(
            name: "vault/0004_damaged_cards",
            statements: [
                // Whose card was found damaged, so that the log says it once.
                "CREATE TABLE vault_unopenable_cards (patient BYTES PRIMARY KEY, at BIGINT NOT NULL)"
            ]),
        Migration(
            name: "vault/0005_files",
            statements: [
                // The file `target` follows the rules of the record `source`, as the record `teller` says: one of the two.
                """
                CREATE TABLE vault_pointers (
                    target BYTES NOT NULL, source BYTES NOT NULL, teller BYTES NOT NULL,
                    PRIMARY KEY (target, source, teller))
                """,
                "CREATE INDEX vault_pointers_teller ON vault_pointers (teller)",
                // What was taken in before, and has yet to be looked through.
                """
                CREATE TABLE vault_pointers_pending (
                    record BYTES PRIMARY KEY, patient BYTES, tried BIGINT NOT NULL)
                """,
                """
                INSERT INTO vault_pointers_pending (record, patient, tried)
                    SELECT id, patient, 0 FROM vault_records WHERE current = 1
                """,
            ]),
        Migration(
            name: "vault/0006_patient_numbers",
            statements: [
                // Which records of patients carry a number, in keyed hashes. `vault_identifiers` knows the first only.
                "CREATE TABLE vault_patient_numbers (mac BYTES NOT NULL, record BYTES NOT NULL, PRIMARY KEY (mac, record))",
                "CREATE INDEX vault_patient_numbers_record ON vault_patient_numbers (record)",
                // What was taken in before, and has yet to be looked through.
                "CREATE TABLE vault_numbers_pending (record BYTES PRIMARY KEY)",
                """
                INSERT INTO vault_numbers_pending (record)
                    SELECT id FROM vault_records WHERE current = 1 AND type = 'Patient'
                """,
            ]),
    ]
}
