// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import ResticFormat

extension Workers {
    /// How many threads can work at the same time.
    static var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// A thread for each processor. They are threads of their own: those of the system's pool may all be waiting for disks.
    static var processors: Workers {
        Workers(count: processorCount) { count, body in
            let ended = DispatchSemaphore(value: 0)
            for number in 1..<max(1, count) {
                Thread {
                    body(number)
                    ended.signal()
                }.start()
            }
            body(0)
            for _ in 1..<max(1, count) { ended.wait() }
        }
    }
}
