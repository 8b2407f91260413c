// SPDX-License-Identifier: Apache-2.0

package import Store

extension PostureBook {
    /// The table of readings: the newest and those before it, for trends.
    package static let migrations = [
        Migration(
            name: "posture/0001_readings",
            statements: [
                """
                CREATE TABLE posture_readings (
                    measure TEXT NOT NULL, collected BIGINT NOT NULL, effective BIGINT NOT NULL, expires BIGINT NOT NULL,
                    population BIGINT NOT NULL, fulfilling BIGINT NOT NULL, unmeasured BIGINT NOT NULL,
                    source BYTES NOT NULL, leaf BYTES NOT NULL, PRIMARY KEY (measure, collected))
                """
            ]),
        Migration(
            name: "posture/0002_logged",
            // When the figures of a row were written to the log; until now that was at each reading.
            statements: [
                "ALTER TABLE posture_readings ADD COLUMN logged BIGINT NOT NULL DEFAULT 0",
                "UPDATE posture_readings SET logged = collected",
            ]),
    ]
}
