// SPDX-License-Identifier: Apache-2.0

package import Kernel

/// What the authorizer is asked about by this practice.
package enum BackupActions {
    /// Jobs, runs, drills and what they measured.
    package static let read = Action("backup.read", "See backups and restore drills")
    /// Starting a job or a drill that exists.
    package static let start = Action("backup.start", "Start a backup or a restore drill")
    /// Repositories and jobs: what is backed up, where to, and when.
    package static let manage = Action("backup.manage", "Manage backup jobs and repositories")
    /// The names of files in snapshots, and their contents.
    package static let restore = Action("backup.restore", "Look into snapshots and restore files")

    /// All of them.
    package static let all = [read, start, manage, restore]
}
