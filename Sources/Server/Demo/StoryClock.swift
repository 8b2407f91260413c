// SPDX-License-Identifier: Apache-2.0

import Kernel
import Store
import Synchronization

/// The clock of a house in which an invented past is told: it shows the time of the story, and knows when that is really
/// written down. Before the story begins it shows the machine's time.
final class StoryClock: TimeSource {
    private let machine = SystemClock()
    private let told = Mutex<Instant?>(nil)

    func now() -> Instant {
        told.withLock { $0 } ?? machine.now()
    }

    var recording: Instant? {
        told.withLock { $0 } == nil ? nil : machine.now()
    }

    /// The machine's time, by which the story counts back.
    var machineTime: Instant { machine.now() }

    /// Sets the story's time; it never goes back, and never beyond the machine's.
    func advance(to moment: Instant) {
        let now = machine.now()
        told.withLock { told in told = max(told ?? moment, min(moment, now)) }
    }
}
