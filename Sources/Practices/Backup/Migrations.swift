// SPDX-License-Identifier: Apache-2.0

import Store

/// The tables of this practice. Addresses of repositories, what jobs read and the hashes of sampled files are sealed where
/// they may hold a secret or a patient's name; all else names things by their ids.
enum BackupMigrations {
    static let all = [
        Migration(
            name: "backup/0001_jobs",
            statements: [
                """
                CREATE TABLE backup_repositories (
                    id BYTES PRIMARY KEY, name BYTES NOT NULL UNIQUE, address BYTES NOT NULL, site BYTES NOT NULL,
                    secrets BYTES NOT NULL, config BYTES NOT NULL UNIQUE, created BIGINT NOT NULL, looked BIGINT,
                    deletes BIGINT, trouble BYTES)
                """,
                // `due` is when the job runs next, `claim` until when somebody says that they are at it.
                """
                CREATE TABLE backup_jobs (
                    id BYTES PRIMARY KEY, name BYTES NOT NULL UNIQUE, kind TEXT NOT NULL, plan BYTES NOT NULL,
                    schedule TEXT NOT NULL, jitter BIGINT NOT NULL, drills TEXT NOT NULL, enabled BIGINT NOT NULL,
                    created BIGINT NOT NULL, due BIGINT, attempt BIGINT NOT NULL, drill_due BIGINT, claim BIGINT,
                    drill_claim BIGINT)
                """,
                // The first place is where the job backs up to, the others are copies of it.
                """
                CREATE TABLE backup_job_repositories (
                    job BYTES NOT NULL, place BIGINT NOT NULL, repository BYTES NOT NULL, PRIMARY KEY (job, place))
                """,
                """
                CREATE TABLE backup_runs (
                    id BYTES PRIMARY KEY, job BYTES NOT NULL, repository BYTES NOT NULL, started BIGINT NOT NULL,
                    ended BIGINT, outcome TEXT, snapshot BYTES, files BIGINT NOT NULL, bytes BIGINT NOT NULL,
                    added BIGINT NOT NULL, unread BIGINT NOT NULL, torn BIGINT NOT NULL, reason BYTES, hashes BYTES)
                """,
                "CREATE INDEX backup_runs_job ON backup_runs (job, started)",
                """
                CREATE TABLE backup_snapshots (
                    repository BYTES NOT NULL, snapshot BYTES NOT NULL, job BYTES NOT NULL, run BYTES NOT NULL,
                    taken BIGINT NOT NULL, seen BIGINT NOT NULL, gone BIGINT, whole BIGINT NOT NULL,
                    PRIMARY KEY (repository, snapshot))
                """,
                "CREATE INDEX backup_snapshots_job ON backup_snapshots (job, taken)",
                """
                CREATE TABLE backup_drills (
                    id BYTES PRIMARY KEY, job BYTES NOT NULL, repository BYTES NOT NULL, snapshot BYTES NOT NULL,
                    taken BIGINT NOT NULL, started BIGINT NOT NULL, ended BIGINT, verdict TEXT, files BIGINT NOT NULL,
                    bytes BIGINT NOT NULL, compared BIGINT NOT NULL, matching BIGINT NOT NULL, bound BIGINT,
                    restoring BIGINT, answering BIGINT, rto BIGINT, rpo BIGINT, detail BYTES)
                """,
                "CREATE INDEX backup_drills_job ON backup_drills (job, started)",
                """
                CREATE TABLE backup_checks (
                    id BYTES PRIMARY KEY, repository BYTES NOT NULL, at BIGINT NOT NULL, errors BIGINT NOT NULL,
                    snapshots BIGINT NOT NULL, reads BIGINT NOT NULL, peer TEXT, verdict TEXT, detail BYTES)
                """,
                "CREATE INDEX backup_checks_repository ON backup_checks (repository, at)",
            ])
    ]
}
