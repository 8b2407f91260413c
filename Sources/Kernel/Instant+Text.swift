// SPDX-License-Identifier: Apache-2.0

import Codecs

extension Instant {
    /// RFC 3339 in UTC with microseconds: `2026-11-23T14:05:06.123456Z`.
    package var rfc3339: String {
        RFC3339.format(microseconds)
    }

    /// The day in UTC: `2026-11-23`.
    package var day: String {
        String(rfc3339.prefix(10))
    }

    /// To the minute, as people read it: `2026-11-23 14:05 UTC`.
    package var text: String {
        "\(day) \(rfc3339.dropFirst(11).prefix(5)) UTC"
    }
}

extension Duration {
    /// The largest whole unit, as people say it: `3 days`, `1 hour`, `20 minutes`, `just now` under a minute.
    package var roughly: String {
        let seconds = components.seconds
        let units: [(Int64, String)] = [(86_400, "day"), (3_600, "hour"), (60, "minute")]
        for (length, name) in units where seconds >= length {
            let count = seconds / length
            return count == 1 ? "1 \(name)" : "\(count) \(name)s"
        }
        return "under a minute"
    }
}
