// SPDX-License-Identifier: Apache-2.0

/// The clinic's past year with Salus, told as data: who did what at which minute, from the oldest to the newest.
///
/// Each part of the story is a chapter that knows nothing of the others; what they say together is ordered by time.
public struct Year: Sendable {
    /// How far back it goes, in days.
    public static let length = 365

    /// What happened, from the oldest to the newest.
    public let events: [YearEvent]
    private let outage: ClosedRange<Int>

    /// The year of `clinic`.
    init(of clinic: SyntheticClinic) {
        var story = Story(clinic)
        story.tellPeople()
        story.tellRecords()
        story.tellWork()
        story.tellEmergencies()
        story.tellReviews()
        story.tellRules()
        story.tellApplications()
        story.tellBackups()
        story.tellMachines()
        events = story.withArrivals
        outage = Story.outage(clinic)
    }

    /// The last `days` of the year, and of what was before them only what lasts.
    ///
    /// Backups need a week at least for what their pages show, so a shorter past has none.
    public func events(days: Int) -> [YearEvent] {
        events.filter { event in
            if case .backup(.setUp) = event.kind { return days >= BackupStory.lately }
            return event.daysAgo <= days || event.isLasting
        }
    }

    /// Whether Salus did not run on that day.
    public func isOutage(_ daysAgo: Int) -> Bool {
        outage.contains(daysAgo)
    }

    /// That many days ago, or the next Monday when it falls on a weekend; yesterday at the latest.
    static func workingDay(_ daysAgo: Int, before today: ClinicDate) -> Int {
        var days = daysAgo
        while days > 1, !ClinicDate.isWorkingDay(today.dayNumber - days) { days -= 1 }
        return max(days, 1)
    }
}

/// What is written while the year is told.
struct Story {
    let clinic: SyntheticClinic
    private var told: [YearEvent] = []

    init(_ clinic: SyntheticClinic) {
        self.clinic = clinic
    }

    /// Everything in the order of its time; of equal minutes in the order of telling.
    var inOrder: [YearEvent] {
        told.enumerated().sorted { ($0.element.minute, $0.offset) < ($1.element.minute, $1.offset) }.map(\.element)
    }

    /// The same, where nobody does anything on a day on which they did not sign in before.
    var withArrivals: [YearEvent] {
        var there: Set<[Int]> = []
        var complete: [YearEvent] = []
        for event in inOrder {
            if let person = event.arrival { there.insert([person, event.daysAgo]) }
            if let person = event.actor, there.insert([person, event.daysAgo]).inserted {
                let kind = YearEvent.Kind.work(.signedIn, person: person, patient: nil)
                complete.append(YearEvent(minute: event.minute, kind: kind))
            }
            complete.append(event)
        }
        return complete
    }

    /// Tells that something happened, unless that was before the year began or is yet to come.
    mutating func tell(_ kind: YearEvent.Kind, _ daysAgo: Int, _ minuteOfDay: Int) {
        tell(kind, at: minuteOfDay - daysAgo * 1_440)
    }

    /// The same by minutes since the midnight at which `today` began.
    mutating func tell(_ kind: YearEvent.Kind, at minute: Int) {
        guard minute < 0, minute >= -(Year.length + 1) * 1_440 else { return }
        told.append(YearEvent(minute: minute, kind: kind))
    }

    /// That many days ago, or the next working day.
    func workingDay(_ daysAgo: Int) -> Int {
        Year.workingDay(daysAgo, before: clinic.today)
    }

    /// A generator for one chapter.
    func random(_ stream: SplitMix64.Stream, _ index: Int = 0) -> SplitMix64 {
        SplitMix64(seed: clinic.seed, stream: stream, index: index)
    }
}
