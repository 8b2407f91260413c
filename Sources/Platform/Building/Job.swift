// SPDX-License-Identifier: Apache-2.0

import Kernel
package import Logging
import ServiceLifecycle
package import Store

/// Work that is done again and again; among several processes one at a time does it.
package struct Job: Sendable {
    /// Its name, which is also the name of its lease: `posture/readings`.
    package let name: String
    /// How long after one run the next begins.
    package let interval: Duration
    /// Does the work.
    package let run: @Sendable () async throws -> Void

    /// A job that runs every `interval`.
    package init(_ name: String, every interval: Duration, run: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.interval = interval
        self.run = run
    }
}

/// Runs the jobs of the house until shutdown. A job that fails is reported and tried again at its next turn.
package struct JobRunner: Service {
    private let jobs: [Job]
    private let store: Database
    private let logger: Logger

    /// A runner of `jobs`.
    package init(jobs: [Job], store: Database, logger: Logger) {
        self.jobs = jobs
        self.store = store
        self.logger = logger
    }

    /// The table of leases, so that among several processes only one runs a job.
    package static let migrations = [
        Migration(
            name: "building/0001_leases",
            statements: [
                "CREATE TABLE building_leases (job TEXT PRIMARY KEY, until BIGINT NOT NULL)"
            ])
    ]

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for job in jobs {
                    group.addTask { await repeatedly(job) }
                }
            }
        }
    }

    private func repeatedly(_ job: Job) async {
        while !Task.isCancelled {
            do {
                if try await takeLease(job) {
                    try await job.run()
                }
            } catch is CancellationError {
                return
            } catch {
                logger.warning(
                    "A job failed and will be tried again",
                    metadata: [
                        "job": "\(job.name)", "error": "\(error)",
                    ])
            }
            try? await Task.sleep(for: job.interval)
        }
    }

    /// Takes the job for nine tenths of its interval, unless another process has it.
    private func takeLease(_ job: Job) async throws -> Bool {
        try await store.write { tx in
            let until = tx.now.advanced(by: job.interval * 9 / 10)
            return try tx.execute(
                """
                INSERT INTO building_leases (job, until) VALUES (?, ?)
                ON CONFLICT (job) DO UPDATE SET until = excluded.until
                    WHERE building_leases.until <= ? OR building_leases.until > ?
                """,
                // One that ends later than any could was taken before the clock was set back.
                [
                    .text(job.name), .integer(until.microseconds), .integer(tx.now.microseconds),
                    .integer(tx.now.advanced(by: job.interval).microseconds),
                ]) > 0
        }
    }
}
