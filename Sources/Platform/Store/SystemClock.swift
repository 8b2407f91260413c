// SPDX-License-Identifier: Apache-2.0

import Glibc
package import Kernel

/// The machine's clock, in microseconds.
package struct SystemClock: TimeSource {
    /// The machine's clock.
    package init() {}

    package func now() -> Instant {
        var time = timespec()
        // Cannot fail: the clock always exists, and the pointer is to our own variable.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        let (seconds, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000)
        return Instant(microseconds: overflow ? .max : seconds + Int64(time.tv_nsec) / 1_000)
    }
}
