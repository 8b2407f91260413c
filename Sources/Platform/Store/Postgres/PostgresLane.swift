// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// A job and how its transaction begins.
struct PostgresWork: Sendable {
    let mode: TransactionMode
    let job: any StoreJob
}

/// One thread with one connection, which is made when it is first needed.
final class PostgresLane: Sendable {
    /// The thread: a serial queue is served by one at a time and never by the cooperative pool.
    let queue: DispatchQueue
    private let runner: PostgresRunner
    private let connection = Mutex<PostgresConnection?>(nil)

    init(_ index: Int, _ runner: PostgresRunner) {
        queue = DispatchQueue(label: "salus.store.postgres.\(index)")
        self.runner = runner
    }

    /// Runs and answers `work`; on the lane's queue only.
    func perform(_ work: PostgresWork) {
        do {
            try connection.withLock { connection in
                try runner.run(work.mode, on: &connection, work.job.run)
            }
            work.job.finish(nil)
        } catch {
            work.job.finish(error)
        }
    }

    /// Ends the connection; on the lane's queue only.
    func disconnect() {
        connection.withLock { $0 = nil }
    }
}
