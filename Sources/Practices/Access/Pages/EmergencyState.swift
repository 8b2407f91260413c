// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

extension Emergency {
    /// Where it stands at `now`, as a chip.
    func chip(at now: Instant) -> StatusChip {
        switch state(at: now) {
        case .open: StatusChip(.partial, word: "Open")
        case .ended: StatusChip(.partial, word: "Waits for review")
        case .overdue: StatusChip(.notMet, word: "Review overdue")
        case .followUp: StatusChip(.partial, word: "Follow-up open")
        case .followUpOverdue: StatusChip(.notMet, word: "Follow-up late")
        case .reviewed: judgement?.finding.chip ?? StatusChip(.unknown, word: "Reviewed")
        }
    }

    /// How and when it closed, or will.
    ///
    /// - Parameter people: the names of staff, for the reviewer who closed it.
    func closing(at now: Instant, in time: LocalTime, _ people: [Identifier<Person>: String]) -> HTML {
        let at = TimeText(closes, in: time)
        if state(at: now) == .open { return "\(at), by itself" }
        switch end?.cause ?? .time {
        case .time: return "\(at), when its hour was over"
        case .person: return "\(at), by whoever opened it"
        case .reviewer:
            guard let name = end?.person.flatMap({ people[$0] }) else { return "\(at), by a reviewer" }
            return "\(at), by the reviewer \(name)"
        case .closedAccount: return "\(at), when the account was closed"
        }
    }
}

extension Emergency.Finding {
    /// What was found, as a chip.
    var chip: StatusChip {
        switch self {
        case .justified: StatusChip(.met, word: title)
        case .notJustified: StatusChip(.notMet, word: title)
        case .followUp: StatusChip(.partial, word: title)
        }
    }
}

/// That a person opens more charts than emergencies explain.
struct ManyChip: Component {
    var html: HTML { StatusChip(.notMet, word: "One of many").html }
}
