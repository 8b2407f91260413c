// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Glibc
import ResticFormat

/// `salus backup mount`: snapshots as folders.
struct BackupMount: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mount", abstract: "Show all snapshots as folders, to look into and copy from.",
        discussion: """
            Snapshots stand in `ids`, `snapshots` (by time, with `latest`), `hosts` and `tags`; nothing can be written. The \
            command goes on until the folder is unmounted (`umount`) or it gets SIGINT (Ctrl-C) or SIGTERM.

            EXIT STATUS: 0 done, 1 failed or something could not be read, 2 wrong usage, 10 there is no repository, 11 it \
            is locked, 12 the password is wrong.
            """)

    @OptionGroup var options: ReadingOptions

    @Argument(help: "An empty folder.", completion: .directory)
    var folder: String

    @OptionGroup var filter: SnapshotFilterOptions

    @Flag(help: "Let other users look into it; they see what the permissions of files allow them.")
    var allowOther = false

    @Flag(help: "Let them (--allow-other) read everything.")
    var noDefaultPermissions = false

    @Flag(help: "Let everything belong to root.")
    var ownerRoot = false

    func run() async throws {
        guard (try? Descriptor(opening: Array(folder.utf8), O_RDONLY | O_DIRECTORY)) != nil else {
            throw ValidationError("There is no folder `\(TerminalText.harmless(folder))`.")
        }
        let command = self
        try await options.read { reading, complaints in
            let snapshots = MountedSnapshots(reading, command.filter.filter, complaints)
            let mounted = MountedRepository(snapshots, ownerIsRoot: command.ownerRoot)
            let answers = KernelAnswers(mounted: mounted, complaints: complaints)
            try await FuseMount(answers: answers, folder: command.folder, options: command.mountOptions).run {
                guard !command.options.quiet else { return }
                Terminal.line("The snapshots are in \(TerminalText.harmless(command.folder)). End with Ctrl-C.")
            }
        }
    }

    private var mountOptions: String {
        var options = ["ro", "fsname=salus", "subtype=backup"]
        if allowOther {
            options.append("allow_other")
            if !noDefaultPermissions { options.append("default_permissions") }
        }
        return options.joined(separator: ",")
    }
}
