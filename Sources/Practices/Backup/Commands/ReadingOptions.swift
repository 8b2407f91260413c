// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Building
import ResticFormat

/// How a command opens a repository in which it only reads.
struct ReadingOptions: ParsableArguments {
    @OptionGroup var repository: RepositoryOptions

    @Flag(
        help: "Do not lock the repository, which may be one that cannot be written; nobody may delete in it meanwhile.")
    var noLock = false

    var json: Bool { repository.json }
    var quiet: Bool { repository.quiet }

    /// Does `work` under a lock that hinders nobody but those who delete. When there was something to complain about, the
    /// command ends with status 1.
    func read(_ work: @escaping @Sendable (SnapshotReading, Complaints) async throws -> Void) async throws {
        let options = self
        try await repository.open { repository in
            let complaints = Complaints()
            let reading: @Sendable () async throws -> Void = {
                do {
                    try await work(try await SnapshotReading.open(repository, complaints), complaints)
                } catch let error where error is UnreadableFolder || error is ReadingError {
                    complaints.add("\(error)")
                }
            }
            if options.noLock {
                try await reading()
            } else {
                try await RepositoryLock(repository: repository, who: .current, isExclusive: false).hold(reading)
            }
            if !complaints.isEmpty { throw ExitCode(1) }
        }
    }
}
