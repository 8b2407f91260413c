// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SyntheticClinic

@Suite struct HistoryTests {
    private let events = Array(Samples.clinic.history)

    @Test func thereAreAboutThreeThousandEventsOfAllKinds() {
        #expect((2_500...3_500).contains(events.count), "\(events.count)")
        #expect(Set(events.map(\.kind)) == Set(HistoryEvent.Kind.allCases))
        let refusals = events.filter { $0.kind == .chartReadRefused || $0.kind == .signInRefused }
        #expect((30...200).contains(refusals.count), "\(refusals.count)")
    }

    @Test func eventsAreOrderedAndInRange() {
        for (earlier, later) in zip(events, events.dropFirst()) {
            #expect((-earlier.daysAgo, earlier.minuteOfDay) <= (-later.daysAgo, later.minuteOfDay))
        }
        for event in events {
            #expect((1...History.days).contains(event.daysAgo))
            #expect((0..<1440).contains(event.minuteOfDay))
            #expect(Samples.clinic.people.indices.contains(event.person))
            #expect(event.patient.map(Samples.clinic.patients.indices.contains) ?? true)
            #expect((event.patient == nil) == (event.kind == .signedIn || event.kind == .signInRefused))
        }
    }

    @Test func onlyWhoTreatsReadsChartsAndSignedInBefore() {
        var signedIn: Set<[Int]> = []
        for event in events {
            if event.kind == .signedIn { signedIn.insert([event.daysAgo, event.person]) }
            guard event.kind == .chartRead || event.kind == .chartReadRefused else { continue }
            #expect(signedIn.contains([event.daysAgo, event.person]))
            #expect(Samples.clinic.people[event.person].treatsPatients == (event.kind == .chartRead))
        }
    }

    @Test func nobodyWorksBeforeTheFirstDay() {
        for event in events {
            let day = ClinicDate(dayNumber: Samples.today.dayNumber - event.daysAgo)
            #expect(day >= Samples.clinic.people[event.person].startDate)
        }
    }

    @Test func everyRecentVisitHasItsChartRead() {
        let reads = Set(events.filter { $0.kind == .chartRead }.map { [$0.daysAgo, $0.minuteOfDay, $0.patient ?? -1] })
        for (patient, visits) in Samples.clinic.visits.enumerated() {
            for visit in visits where Samples.today.dayNumber - visit.day <= History.days {
                #expect(reads.contains([Samples.today.dayNumber - visit.day, visit.minute, patient]))
            }
        }
    }

    @Test func weekendsAreQuiet() {
        let weekend = events.filter { !ClinicDate.isWorkingDay(Samples.today.dayNumber - $0.daysAgo) }
        #expect(weekend.allSatisfy { $0.kind == .signInRefused })
    }

    @Test func historyIsMadeLazily() {
        var iterator = Samples.clinic.history.makeIterator()
        #expect(iterator.next() == events.first)
    }
}
