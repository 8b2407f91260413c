// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Store
import Synchronization

extension JobDesk {
    /// Runs a job at once, unless somebody is at it.
    ///
    /// - Throws: `Fault.conflict` while it runs.
    func runNow(_ job: BackupJob, by actor: EntityReference) async throws -> [RunRecord] {
        let claim = try await house.store.write { tx in try tx.claim(job.id) }
        guard let claim else { throw Fault(.conflict, "The job \(job.name) is running already.") }
        let plan = try await plan(of: job)
        let execution = JobExecution(house: house, key: key, job: job, plan: plan, actor: actor)
        return try await JobClaim.keeping(claim, of: job.id, in: house.store) { try await execution.run() }
    }
}

/// Says again and again that this process is at a job, for the time of some work.
enum JobClaim {
    static func keeping<Value: Sendable>(
        _ claim: Instant, of job: Identifier<BackupJob>, for kind: BackupJob.Work = .run, in store: Database,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let current = Current(claim)
        let result = await Result.of {
            try await withThrowingTaskGroup(of: Value?.self) { group in
                group.addTask { try await work() }
                group.addTask {
                    while true {
                        try await Task.sleep(for: .seconds(30))
                        let known = current.until
                        if let next = try? await store.write({ tx in try tx.claim(job, for: kind, renewing: known) }) {
                            current.renew(next)
                        }
                    }
                }
                defer { group.cancelAll() }
                guard let value = try await group.next(), let value else { throw CancellationError() }
                return value
            }
        }
        let until = current.until
        _ = try? await store.write { tx in try tx.release(job, from: kind, until) }
        return try result.get()
    }

    private final class Current: Sendable {
        private let state: Mutex<Instant>

        init(_ until: Instant) {
            state = Mutex(until)
        }

        var until: Instant { state.withLock { $0 } }

        func renew(_ until: Instant) {
            state.withLock { $0 = until }
        }
    }
}

extension Result where Failure == any Error {
    fileprivate static func of(_ work: () async throws -> Success) async -> Self {
        do { return .success(try await work()) } catch { return .failure(error) }
    }
}
