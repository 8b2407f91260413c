// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import ResticFormat

extension Workers {
    /// A thread for each processor.
    static var processors: Workers {
        Workers(count: ProcessInfo.processInfo.activeProcessorCount) { count, body in
            DispatchQueue.concurrentPerform(iterations: count, execute: body)
        }
    }
}
