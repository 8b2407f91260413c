// SPDX-License-Identifier: Apache-2.0

import Store

/// What changed about the tables of drafts since they were made.
enum DraftMigrations {
    static let all = [
        Migration(
            name: "access/0010_drafts_sent_back",
            statements: [
                // Each time that somebody sent a draft back; their words are sealed.
                """
                CREATE TABLE access_rule_returns (
                    id BYTES PRIMARY KEY, draft BYTES NOT NULL, person BYTES NOT NULL, words BYTES NOT NULL,
                    at BIGINT NOT NULL)
                """,
                "CREATE INDEX access_rule_returns_draft ON access_rule_returns (draft, at)",
                // The navigation of each page asks which drafts wait, and must not read the texts of all versions.
                "CREATE INDEX access_rules_open ON access_rules (id) WHERE closed IS NULL",
            ])
    ]
}
