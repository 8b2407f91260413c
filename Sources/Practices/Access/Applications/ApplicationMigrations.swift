// SPDX-License-Identifier: Apache-2.0

import Store

/// What changed about the table of applications since it was made.
enum ApplicationMigrations {
    static let all = [
        Migration(
            name: "access/0009_application_masks",
            // A program that was added before nobody asked about masks: it is taken not to know of them.
            statements: ["ALTER TABLE access_applications ADD COLUMN masks BIGINT NOT NULL DEFAULT 0"])
    ]
}
