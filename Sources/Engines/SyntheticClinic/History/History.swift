// SPDX-License-Identifier: Apache-2.0

/// The clinic's past year, day by day, made while it is iterated.
public struct History: Sequence, Sendable {
    /// How far back it goes, in days.
    public static let days = Year.length

    let clinic: SyntheticClinic
    private let appointments: [Int: [Appointment]]

    init(clinic: SyntheticClinic) {
        self.clinic = clinic
        var appointments: [Int: [Appointment]] = [:]
        for (patient, visits) in clinic.visits.enumerated() {
            for visit in visits {
                let entry = Appointment(minute: visit.minute, patient: patient)
                appointments[visit.day, default: []].append(entry)
            }
        }
        self.appointments = appointments
    }

    /// An iterator from the oldest event to the newest.
    public func makeIterator() -> Iterator {
        Iterator(history: self)
    }

    /// The day's appointments, in the order of their patients.
    func appointments(on day: Int) -> [Appointment] {
        appointments[day] ?? []
    }

    /// Somebody expected at the clinic.
    struct Appointment {
        let minute: Int
        let patient: Int
    }

    /// Holds the events of one day at a time.
    public struct Iterator: IteratorProtocol {
        private let history: History
        private var daysAgo = History.days
        private var pending: [HistoryEvent] = []

        init(history: History) {
            self.history = history
        }

        /// The next event, or nil when yesterday is over.
        public mutating func next() -> HistoryEvent? {
            while pending.isEmpty, daysAgo > 0 {
                // Kept in reverse, so that taking the next is taking the last.
                pending = Workday(history: history, daysAgo: daysAgo).events.reversed()
                daysAgo -= 1
            }
            return pending.popLast()
        }
    }
}
