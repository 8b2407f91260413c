// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import Kernel
import ResticFormat

/// `salus backup repository forget`.
struct BackupRepositoryForget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Delete snapshots of a repository that a policy does not keep, and tell the log.",
        discussion: """
            Each job's snapshots are judged by themselves; each rule keeps some, and what no rule keeps is deleted. Try it with \
            --dry-run first. What is deleted by another program looks as if an intruder had done it.

            EXIT STATUS: 0 done, 1 failed, 2 wrong usage, 4 refused.
            """)

    @Argument(help: "The name of the repository.")
    var name: String

    @OptionGroup(title: "What is kept") var keep: KeepOptions

    @Flag(name: [.customShort("n"), .customLong("dry-run")], help: "Only say what would be deleted.")
    var isDryRun = false

    @Flag(help: "Free the space at once.")
    var prune = false

    @OptionGroup var pruning: PruneFlags
    @OptionGroup var house: HouseOptions

    func run() async throws {
        let command = self
        try await house.withHouse(for: BackupActions.manage) { open in
            let repository = try await RepositoryDesk(open.house).repository(named: command.name)
            let forgetting = Forgetting(house: open.house, repository: repository, actor: open.actor)
            let plan = try await BlockingThreads.forBackups.run {
                try await BackupFault.worded { try await command.forget(forgetting, open.house) }
            }
            command.print(plan)
        }
    }

    private func forget(_ forgetting: Forgetting, _ house: House) async throws -> ForgetPlan {
        guard !isDryRun else {
            return try await forgetting.plan(
                keep.policy, in: try await RepositoryDesk(house).open(forgetting.repository))
        }
        return try await forgetting.forget(
            keep.policy, freeing: prune ? pruning.options : nil, steps: Steps(isShown: !self.house.json))
    }

    private func print(_ plan: ForgetPlan) {
        let (kept, removed) = (plan.groups.reduce(0) { $0 + $1.kept.count }, plan.removed.count)
        guard !house.json else {
            return Terminal.json([
                "kept": .integer(Int64(kept)), "deleted": .array(plan.removed.map { .string($0.id.hex) }),
                "dry_run": .boolean(isDryRun),
            ])
        }
        for entry in plan.removed { Terminal.line("goes  \(entry.id.short)  \(entry.snapshot.time.text.prefix(19))") }
        Terminal.line("\(isDryRun ? "Would delete" : "Deleted") \(removed) snapshots; \(kept) stay.")
    }
}

/// `salus backup repository acknowledge`.
struct BackupRepositoryAcknowledge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acknowledge", abstract: "Say that the snapshots that disappeared were deleted on purpose.",
        discussion: """
            Only where you know who deleted them. Who said so, and when, stands in the log for ever.
            """)

    @Argument(help: "The name of the repository.")
    var name: String

    @OptionGroup var house: HouseOptions

    func run() async throws {
        let (name, isJSON) = (name, house.json)
        try await house.withHouse(for: BackupActions.manage) { open in
            let repository = try await RepositoryDesk(open.house).repository(named: name)
            let count = try await Forgetting(house: open.house, repository: repository, actor: open.actor).acknowledge()
            if isJSON {
                Terminal.json(["acknowledged": .integer(Int64(count))])
            } else {
                Terminal.line("Acknowledged that \(count) \(count == 1 ? "snapshot was" : "snapshots were") deleted.")
            }
        }
    }
}
