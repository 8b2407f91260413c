// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import Codecs
import ResticFormat

/// `salus backup copy`: snapshots of one repository into another.
struct BackupCopy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy", abstract: "Copy snapshots from another repository into this one.",
        discussion: """
            What this repository has already is not stored again. Snapshots that were copied before are passed over. Both \
            share data best when this one was made with `init --from-repo … --copy-chunker-params`.

            EXIT STATUS: 0 done, 1 failed, 2 wrong usage, 10 there is no repository, 11 it is locked, 12 the password is wrong.
            """)

    @OptionGroup var options: RepositoryOptions
    @OptionGroup var from: FromOptions

    @Argument(help: "The first digits of snapshots, or `latest`; all when none is named.")
    var snapshots: [String] = []

    @OptionGroup var filter: SnapshotFilterOptions

    func run() async throws {
        let command = self
        let (place, password) = (try from.place(options.connection), try from.password())
        try await options.open { target in
            let source = try await Repository.open(at: place, password: password)
            let reading = RepositoryLock(repository: source, who: .current, isExclusive: false)
            let writing = RepositoryLock(repository: target, who: .current, isExclusive: false)
            try await reading.hold {
                try await writing.hold { try await command.copy(from: source, to: target) }
            }
        }
    }

    private func copy(from source: Repository, to target: Repository) async throws {
        let chosen = try await SnapshotList.load(source).select(snapshots, filter.filter)
        guard chosen.flaws.isEmpty else { throw RepositoryError.damaged(chosen.flaws) }
        let copy = SnapshotCopy(source: source, target: target, steps: options.steps)
        try await copy.copy(chosen.entries) { outcome in
            switch outcome {
            case .copied(let id, let name):
                options.say(
                    "Copied \(id.short) as \(name.short).",
                    ["message_type": "copied", "source": .string(id.hex), "snapshot_id": .string(name.hex)])
            case .known(let id, let name):
                options.say(
                    "\(id.short) is there already as \(name.short).",
                    ["message_type": "known", "source": .string(id.hex), "snapshot_id": .string(name.hex)])
            }
        }
    }
}
