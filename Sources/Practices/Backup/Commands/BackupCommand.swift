// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser

/// `salus backup`: repositories in restic's format.
package struct BackupCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Back up files into a restic repository, and restore them.",
        discussion: """
            Repositories are those of restic (version 2; version 1 is read): either program reads, checks and continues \
            what the other wrote. Options have restic's names; RESTIC_REPOSITORY, RESTIC_PASSWORD_FILE and \
            RESTIC_PASSWORD are read where an option is missing. Commands that take --repo need no data folder and write no \
            evidence; `repository`, `job` and `drill` work with what Salus keeps, and tell the log.

            EXIT STATUS: 0 done, 1 failed, 2 wrong usage, 3 some files could not be read or restored, 10 there is no \
            repository, 11 it is locked, 12 the password is wrong.
            """,
        subcommands: [
            BackupInit.self, BackupRunCommand.self, BackupRestore.self, BackupSnapshots.self, BackupLs.self,
            BackupUnlock.self, BackupCheck.self, BackupForget.self, BackupPrune.self, BackupCopy.self, BackupKey.self,
            BackupStats.self, BackupFind.self, BackupDiff.self, BackupDump.self, BackupMount.self,
            BackupRepositoryCommand.self, BackupJobCommand.self, BackupDrill.self,
        ])

    package init() {}
}
