// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import ResticFormat

extension Workers {
    /// A thread for each processor. They are threads of their own: those of the system's pool may all be waiting for disks.
    static var processors: Workers {
        Workers(count: ProcessInfo.processInfo.activeProcessorCount) { count, body in
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
