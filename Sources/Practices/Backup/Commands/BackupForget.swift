// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import ResticFormat

/// `salus backup forget`: deletes old snapshots.
struct BackupForget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Delete snapshots that a policy does not keep.",
        discussion: """
            Snapshots are judged by machine and paths (--group-by); each rule keeps some, and what no rule keeps is deleted. The \
            space is freed by `prune`, or by --prune. Try it with --dry-run first. Whoever can add snapshots can also make a \
            policy drop the good ones, by adding many: keep the password of backups away from where the data is.

            EXIT STATUS: 0 done, 1 failed, 2 wrong usage, 3 some snapshots could not be deleted, 10 there is no repository, 11 it is \
            locked, 12 the password is wrong.
            """)

    @OptionGroup var options: RepositoryOptions

    @Argument(help: "The first digits of snapshots to delete; without any, the rules decide.")
    var snapshots: [String] = []

    @OptionGroup(title: "What is kept") var keep: KeepOptions

    // Not the options that other commands share: `-H` is restic's short name of --keep-hourly here.
    @Option(help: "Only snapshots of this machine; may be given several times.")
    var host: [String] = []

    @Option(help: "Only snapshots with this tag; `a,b` means both. May be given several times.")
    var tag: [String] = []

    @Option(help: "Only snapshots of this path; given several times, of all of them.")
    var path: [String] = []

    @Option(
        name: [.customShort("g"), .long],
        help: "What is judged together: `host`, `paths`, `tags`, with commas between.",
        transform: Self.grouping)
    var groupBy = SnapshotGrouping(host: true, paths: true)

    @Flag(name: [.customShort("n"), .customLong("dry-run")], help: "Only say what would be deleted.")
    var isDryRun = false

    @Flag(help: "Free the space at once.")
    var prune = false

    @Flag(help: "Let all snapshots go that --host, --tag or --path select.")
    var unsafeAllowRemoveAll = false

    @OptionGroup var pruning: PruneFlags

    private static func grouping(_ text: String) throws -> SnapshotGrouping {
        guard let grouping = SnapshotGrouping(text) else { throw ValidationError("Say host, paths or tags.") }
        return grouping
    }

    private var filter: SnapshotFilter {
        SnapshotFilterOptions.filter(hosts: host, tags: tag, paths: path)
    }

    func run() async throws {
        let command = self
        try await options.open { repository in
            let lock = RepositoryLock(repository: repository, who: .current, isExclusive: true)
            let failed = try await lock.hold { try await command.forget(repository) }
            if failed > 0 { throw ExitCode(3) }
        }
    }

    /// How many snapshots could not be deleted.
    private func forget(_ repository: Repository) async throws -> Int {
        let list = try await SnapshotList.load(repository)
        let chosen = list.select(snapshots, filter)
        guard chosen.flaws.isEmpty else { throw RepositoryError.damaged(chosen.flaws) }
        let removed = try await removed(of: chosen.entries, list.snapshots, in: repository)
        let failed = isDryRun ? 0 : try await delete(removed, from: repository)
        if !options.json && !options.quiet {
            Terminal.line("\(isDryRun ? "Would delete" : "Deleted") \(removed.count - failed) snapshots.")
        }
        guard prune, !removed.isEmpty else { return failed }
        var run = PruneRun(repository: repository, options: pruning.options, steps: options.steps)
        if isDryRun { run.without = Set(removed.map(\.id)) }
        let counts = isDryRun ? try await run.plan().plan.counts : try await run.run()
        PruneOutput(options: options, isDryRun: isDryRun).print(counts)
        return failed
    }

    private func removed(
        of entries: [SnapshotList.Entry], _ all: [SnapshotList.Entry], in repository: Repository
    ) async throws -> [SnapshotList.Entry] {
        guard snapshots.isEmpty else { return entries }
        let policy = keep.policy
        if policy.isEmpty {
            guard unsafeAllowRemoveAll else { throw ForgetError.noPolicy }
            guard !filter.isEmpty else { throw ForgetError.everything }
        }
        var plan = try ForgetPlan(entries, policy, by: groupBy, now: LocalClock.now())
        if !policy.isEmpty { try await plan.keepBases(of: all, in: repository) }
        ForgetOutput(options: options).print(plan)
        return plan.removed
    }

    /// Deletes them so that none is back after a power cut: what they alone need may then go.
    private func delete(_ entries: [SnapshotList.Entry], from repository: Repository) async throws -> Int {
        guard !entries.isEmpty else { return 0 }
        try Task.checkCancellation()
        do {
            try await repository.place.remove(entries.map { RepositoryFile(.snapshots, $0.id) })
            return 0
        } catch let error as PlaceError {
            let left = Set(try await repository.place.list(.snapshots).map(\.id))
            let failed = entries.filter { left.contains($0.id) }
            // All gone, but maybe not for good: then nothing that they need may go.
            guard !failed.isEmpty, !prune else { throw error }
            for entry in failed {
                Terminal.complain("salus: snapshot \(entry.id.short) could not be deleted: \(error)")
            }
            return failed.count
        }
    }
}
