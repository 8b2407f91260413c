// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// Threads of their own for work that waits for disks: what runs here may block, and nobody else's work stands still.
///
/// Everything that a backup does runs inside ``run(_:)``; child tasks inherit it. The threads end with this object.
final class BlockingThreads: TaskExecutor {
    private let jobs = WaitingJobs()

    /// - Parameter count: how many there are: one for each processor, and one more that waits for the disk.
    init(count: Int) {
        for number in 0..<max(1, count) {
            // Threads of its own: those of the system's pool are counted there, and whoever needs one would wait.
            let thread = Thread { [jobs] in
                while jobs.runNext() {}
            }
            thread.name = "salus.backup.\(number)"
            thread.start()
        }
    }

    deinit {
        jobs.end()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        unsafe jobs.add(WaitingJob(job: UnownedJob(job), executor: asUnownedTaskExecutor()))
    }

    /// Does `work`, and whatever it starts, on these threads.
    func run<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withTaskExecutorPreference(self) { try await work() }
    }
}

/// A job and the threads on which it wants to run. SAFETY: the runtime keeps a job alive until it ran, and each is run once.
@safe private struct WaitingJob: Sendable {
    let job: UnownedJob
    let executor: UnownedTaskExecutor
}

/// What waits for a thread, first come, first served.
private final class WaitingJobs: Sendable {
    private let waiting = Mutex<(jobs: [WaitingJob], next: Int)>(([], 0))
    private let signal = DispatchSemaphore(value: 0)

    func add(_ job: WaitingJob) {
        waiting.withLock { $0.jobs.append(job) }
        signal.signal()
    }

    func end() {
        signal.signal()
    }

    /// Waits for work and does it; false when there is to be none any more.
    func runNext() -> Bool {
        signal.wait()
        guard let next = take() else {
            // The signal that nothing follows goes round to the next thread.
            signal.signal()
            return false
        }
        unsafe next.job.runSynchronously(on: next.executor)
        return true
    }

    private func take() -> WaitingJob? {
        waiting.withLock { waiting in
            guard waiting.next < waiting.jobs.count else { return nil }
            defer {
                waiting.next += 1
                if waiting.next == waiting.jobs.count || waiting.next == 1_024 {
                    waiting.jobs.removeFirst(waiting.next)
                    waiting.next = 0
                }
            }
            return waiting.jobs[waiting.next]
        }
    }
}
