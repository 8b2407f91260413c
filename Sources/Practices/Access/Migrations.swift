// SPDX-License-Identifier: Apache-2.0

import Store

/// The tables of this practice. What somebody wrote about a patient's emergency is sealed; all else names staff and
/// patients by their ids only.
enum AccessMigrations {
    static let all = own + ApplicationMigrations.all + DraftMigrations.all

    private static let own = [
        Migration(
            name: "access/0001_staff",
            statements: [
                "CREATE TABLE access_settings (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
                "CREATE TABLE access_staff (person BYTES PRIMARY KEY, department BYTES)",
                """
                CREATE TABLE access_practitioners (
                    practitioner BYTES NOT NULL, person BYTES NOT NULL, PRIMARY KEY (practitioner, person))
                """,
                "CREATE INDEX access_practitioners_person ON access_practitioners (person)",
                """
                CREATE TABLE access_shifts (
                    person BYTES NOT NULL, starts BIGINT NOT NULL, ends BIGINT NOT NULL, PRIMARY KEY (person, starts))
                """,
            ]),
        Migration(
            name: "access/0002_rules",
            statements: [
                // The rules in force are those of the greatest version that has one.
                """
                CREATE TABLE access_rules (
                    id BYTES PRIMARY KEY, version BIGINT UNIQUE, base BIGINT NOT NULL, policies BYTES NOT NULL,
                    note BYTES NOT NULL, author BYTES, created BIGINT NOT NULL, saved BIGINT NOT NULL,
                    proposed BIGINT, closed BIGINT)
                """,
                """
                CREATE TABLE access_approvals (
                    draft BYTES NOT NULL, person BYTES NOT NULL, digest BYTES NOT NULL, at BIGINT NOT NULL,
                    PRIMARY KEY (draft, person))
                """,
            ]),
        Migration(
            name: "access/0003_emergencies",
            statements: [
                """
                CREATE TABLE access_emergencies (
                    id BYTES PRIMARY KEY, person BYTES NOT NULL, patient BYTES NOT NULL, reason TEXT NOT NULL,
                    words BYTES NOT NULL, many BIGINT NOT NULL, opened BIGINT NOT NULL, until BIGINT NOT NULL,
                    ended BIGINT, ended_by TEXT,
                    reviewer BYTES, reviewed BIGINT, finding TEXT, review_words BYTES)
                """,
                "CREATE INDEX access_emergencies_person ON access_emergencies (person, until)",
                "CREATE INDEX access_emergencies_opened ON access_emergencies (opened)",
            ]),
        Migration(
            name: "access/0004_applications",
            statements: [
                // `rules` is the schema, which is a word of SQL. The three texts are sealed, and missing where an
                // application asks about the house.
                """
                CREATE TABLE access_applications (
                    id BYTES PRIMARY KEY, name BYTES NOT NULL UNIQUE, token BYTES NOT NULL UNIQUE,
                    enabled BIGINT NOT NULL, house BIGINT NOT NULL, version BIGINT NOT NULL,
                    revision BIGINT NOT NULL, rules BYTES, policies BYTES, entities BYTES,
                    created BIGINT NOT NULL, used BIGINT)
                """
            ]),
        Migration(
            name: "access/0005_reviews",
            statements: [
                // How far each reader of the evidence log has come.
                "CREATE TABLE access_cursors (name TEXT PRIMARY KEY, position BIGINT NOT NULL)",
                // What the log tells of accounts and roles, beside the directory, so that one can be held against
                // the other.
                "CREATE TABLE access_accounts (person BYTES PRIMARY KEY, open BIGINT NOT NULL, changed BIGINT NOT NULL)",
                """
                CREATE TABLE access_grants (
                    person BYTES NOT NULL, role TEXT NOT NULL, since BIGINT NOT NULL, PRIMARY KEY (person, role))
                """,
                // When a rule last let somebody through.
                """
                CREATE TABLE access_uses (
                    person BYTES NOT NULL, rule TEXT NOT NULL, last BIGINT NOT NULL, PRIMARY KEY (person, rule))
                """,
                // Readings of protected records by day (days since 1970, UTC).
                """
                CREATE TABLE access_reading_days (
                    day BIGINT PRIMARY KEY, readings BIGINT NOT NULL, explained BIGINT NOT NULL, unclear BIGINT NOT NULL)
                """,
                // `closed` is when what a review asked to be taken away was gone, or another review took its place.
                """
                CREATE TABLE access_reviews (
                    id BYTES PRIMARY KEY, person BYTES NOT NULL, role TEXT NOT NULL, reviewer BYTES NOT NULL,
                    at BIGINT NOT NULL, outcome TEXT NOT NULL, closed BIGINT)
                """,
                "CREATE INDEX access_reviews_grant ON access_reviews (person, role, at)",
            ]),
        Migration(
            name: "access/0006_application_rules",
            statements: [
                // The long texts stand apart: every request of an application reads its row, and now and then writes it.
                """
                CREATE TABLE access_application_rules (
                    application BYTES PRIMARY KEY, rules BYTES NOT NULL, policies BYTES NOT NULL,
                    entities BYTES NOT NULL)
                """,
                """
                INSERT INTO access_application_rules (application, rules, policies, entities)
                SELECT id, rules, policies, entities FROM access_applications WHERE rules IS NOT NULL
                """,
                "UPDATE access_applications SET rules = NULL, policies = NULL, entities = NULL",
            ]),
        Migration(
            name: "access/0007_emergency_enders",
            // Which reviewer took a chart away.
            statements: ["ALTER TABLE access_emergencies ADD COLUMN ended_person BYTES"]),
        Migration(
            name: "access/0008_follow_ups",
            // What came out of a follow-up, beside the review that asked for it: how long it took can be told.
            statements: [
                "ALTER TABLE access_emergencies ADD COLUMN closer BYTES",
                "ALTER TABLE access_emergencies ADD COLUMN closed BIGINT",
                "ALTER TABLE access_emergencies ADD COLUMN closing_finding TEXT",
                "ALTER TABLE access_emergencies ADD COLUMN closing_words BYTES",
            ]),
    ]
}
