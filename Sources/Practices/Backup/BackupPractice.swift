// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
package import Building
package import Kernel
import Keyring
package import Store
package import Web

/// Practice 8: backup and recovery. Jobs that run by schedule, restores that prove themselves, and the commands on
/// repositories in restic's format.
package struct BackupPractice: Practice {
    package static let name = PracticeName.backup
    package static let migrations = BackupMigrations.all
    package static let facts = BackupFacts.all
    package static let actions = BackupActions.all
    package static let measures = [CopiesFresh.measure, RestoreProven.measure, Undeletable.measure]

    private let house: House
    private let key: OpenKey

    package init(_ house: House) async throws {
        self.house = house
        key = try await house.keyring.sharedKey(owner: "backup")
    }

    package static var commands: [any AsyncParsableCommand.Type] { [BackupCommand.self] }

    package func routes(_ site: inout Site) {
        BackupPages(house: house, key: key).add(to: &site)
    }

    package var navigation: [NavigationPlace] {
        [
            NavigationPlace(
                "Backup", path: BackupPages.path, action: BackupActions.read, in: .protection, order: 40,
                summary: "What is copied where, how fresh it is, and whether it came back when it was tried.",
                synonyms: "restore recovery snapshot drill restic repository")
        ]
    }

    package var jobs: [Job] {
        [
            JobRound(house: house, key: key).job, JobRound(house: house, key: key, work: .drill).job,
            RepositoryRound(house: house, key: key).job,
        ]
    }

    package var probes: [Probe] {
        [CopiesFresh.probe(house), RestoreProven.probe(house, key), Undeletable.probe(house)]
    }
}
