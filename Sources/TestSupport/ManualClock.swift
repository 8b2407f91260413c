// SPDX-License-Identifier: Apache-2.0

package import Kernel
import Synchronization

/// A clock that a test sets by hand.
package final class ManualClock: TimeSource {
    private let time: Mutex<Instant>

    /// A clock that stands at `instant`; 2026-01-01T00:00:00Z when none is given.
    package init(_ instant: Instant = Instant(microseconds: 1_767_225_600_000_000)) {
        time = Mutex(instant)
    }

    package func now() -> Instant {
        time.withLock { $0 }
    }

    /// Moves the clock forward.
    package func advance(by duration: Duration) {
        time.withLock { $0 = $0.advanced(by: duration) }
    }

    /// Sets the clock.
    package func set(_ instant: Instant) {
        time.withLock { $0 = instant }
    }
}
