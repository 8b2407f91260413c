// SPDX-License-Identifier: Apache-2.0

import Glibc
import ResticFormat

/// Times as the clock of this machine shows them, in the zone of the process: what restic writes too.
enum LocalClock {
    static func now() -> Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
            seconds: Int64(time.tv_sec), nanoseconds: UInt32(truncatingIfNeeded: time.tv_nsec),
            offset: offset(at: time.tv_sec))
    }

    /// By how many seconds the clock is ahead of UTC at a moment.
    static func offset(at seconds: time_t) -> Int32 {
        var (moment, parts) = unsafe (seconds, tm())
        guard unsafe localtime_r(&moment, &parts) != nil else { return 0 }
        return unsafe Int32(truncatingIfNeeded: parts.tm_gmtoff)
    }
}
