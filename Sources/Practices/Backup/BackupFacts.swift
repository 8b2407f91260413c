// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// What this practice tells the evidence log. Names, paths and addresses stay out of it.
package enum BackupFacts {
    /// A repository is known from now on: `repository`, `place` (`folder`, `rest`, `sftp`, `s3`).
    package static let repositoryAdded = FactKind("backup.repository-added.v1", "Backup repository added")
    /// It is not used any more: `repository`. Its files stay as they are.
    package static let repositoryRemoved = FactKind("backup.repository-removed.v1", "Backup repository removed")
    /// A job exists: `job`, `kind` (`files`, `postgres`, `sqlite`, `salus`), `repositories`.
    package static let jobAdded = FactKind("backup.job-added.v1", "Backup job added")
    /// It was changed: `job`, `changed` (`schedule`, `enabled`, `disabled`).
    package static let jobChanged = FactKind("backup.job-changed.v1", "Backup job changed")
    /// It was removed: `job`. Its snapshots stay where they are.
    package static let jobRemoved = FactKind("backup.job-removed.v1", "Backup job removed")
    /// A job ran: `job`, `repository`, `run`, `outcome` (`done`, `partial`, `failed`, `interrupted`), and where a snapshot
    /// came of it `snapshot`, `files`, `bytes`, `added`, `unread`, `torn`, `hashes` (how many files' were recorded) and
    /// `root` (SHA-256 of that list, sealed as it lies in the store).
    package static let ran = FactKind("backup.ran.v1", "Backup made")
    /// A snapshot was copied into another repository: `job`, `repository`, `run`, `outcome`, `snapshot`.
    package static let copied = FactKind("backup.copied.v1", "Backup copied")
    /// A snapshot that the log knows is not in its repository any more, and nobody forgot it: `repository`, `snapshot`.
    package static let snapshotGone = FactKind("backup.snapshot-gone.v1", "Snapshot disappeared")
    /// Snapshots were deleted on purpose, or somebody says that they were: `repository`, `snapshots`.
    package static let forgotten = FactKind("backup.snapshots-forgotten.v1", "Snapshots deleted on purpose")
    /// A snapshot was restored to see whether it can be: `job`, `repository`, `snapshot`, `drill`, `verdict` (`passed`,
    /// `failed`), `files`, `bytes`, `compared`, `matching`, `bound` (parts in a million that at most are lost, with 95 %
    /// confidence), `rto` and `rpo` in milliseconds, `service` (`postgres`, `sqlite`, `none`), `network` (`cut`, `open`),
    /// and `errors`.
    package static let drilled = FactKind("backup.drilled.v1", "Restore drill")
    /// A repository was checked by two programs: `repository`, `snapshots`, `reads` (whether all data was read), `errors`
    /// of ours; `peer` (version of restic, or `none`) and its `verdict` (`passed`, `failed`, `none`).
    package static let checked = FactKind("backup.checked.v1", "Backup repository checked")
    /// Somebody looked into a folder of a snapshot: `repository`, `snapshot`, `at` (the way to it by numbers: the third entry
    /// of the first is `0.2`).
    package static let lookedInto = FactKind("backup.looked-into.v1", "Looked into a snapshot")
    /// A file of a snapshot was given to somebody through the console: `repository`, `snapshot`, `at`, `bytes`.
    package static let fileGiven = FactKind("backup.file-given.v1", "File of a snapshot restored")

    /// All of them.
    package static let all = [
        repositoryAdded, repositoryRemoved, jobAdded, jobChanged, jobRemoved, ran, copied, snapshotGone, drilled,
        checked,
        lookedInto, fileGiven, forgotten,
    ]
}
