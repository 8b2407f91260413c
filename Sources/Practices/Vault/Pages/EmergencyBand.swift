// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// Says on every page of a chart, and of every record in it, that it is open because of an emergency, and until when.
struct EmergencyBand: Component {
    let patient: Identifier<Patient>
    /// When the emergency ends by itself.
    let until: Instant
    let now: Instant
    let time: LocalTime

    var html: HTML {
        Callout(
            .info, "Opened in an emergency, until \(time.clock(until))",
            content: """
                <p>\(left) when this page was opened. The privacy officer sees this emergency, and somebody else reviews it. \
                \(Link("See or end this emergency", to: SightInEmergency.path(of: patient)))</p>
                """
        ).html
    }

    /// A minute that has begun counts: nobody is told that none is left while the chart is open.
    private var left: String {
        let minute = Duration.minutes(1).wholeMicroseconds
        let minutes = max(1, (until.since(now).wholeMicroseconds + minute - 1) / minute)
        return minutes == 1 ? "1 minute was left" : "\(minutes) minutes were left"
    }
}
