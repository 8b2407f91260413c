// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SyntheticClinic

@Suite struct HistoryTests {
    private let events = Array(Samples.clinic.history)

    @Test func thereAreAboutSevenThousandEventsOfAllKinds() {
        #expect((6_500...9_500).contains(events.count), "\(events.count)")
        // Emergencies are told by the year.
        #expect(Set(events.map(\.kind)) == Set(HistoryEvent.Kind.allCases).subtracting([.chartReadInEmergency]))
        let refusals = events.filter { $0.kind == .chartReadRefused || $0.kind == .signInRefused }
        #expect((60...300).contains(refusals.count), "\(refusals.count)")
    }

    @Test func eventsAreOrderedAndInRange() {
        for (earlier, later) in zip(events, events.dropFirst()) {
            #expect((-earlier.daysAgo, earlier.minuteOfDay) <= (-later.daysAgo, later.minuteOfDay))
        }
        for event in events {
            #expect((1...History.days).contains(event.daysAgo))
            #expect((0..<1440).contains(event.minuteOfDay))
            #expect(Samples.clinic.staff.indices.contains(event.person))
            #expect(event.patient.map(Samples.clinic.patients.indices.contains) ?? true)
            #expect((event.patient == nil) == [.signedIn, .signInRefused, .patientFound].contains(event.kind))
        }
    }

    @Test func onlyWhoTreatsReadsChartsAndSignedInBefore() {
        var signedIn: Set<[Int]> = []
        for event in events {
            if event.kind == .signedIn { signedIn.insert([event.daysAgo, event.person]) }
            guard event.kind == .chartRead || event.kind == .chartReadRefused else { continue }
            #expect(signedIn.contains([event.daysAgo, event.person]))
            #expect(Samples.clinic.staff[event.person].treatsPatients == (event.kind == .chartRead))
        }
    }

    @Test func nobodyWorksBeforeTheFirstDay() {
        for event in events {
            let day = ClinicDate(dayNumber: Samples.today.dayNumber - event.daysAgo)
            #expect(day >= Samples.clinic.staff[event.person].startDate)
        }
    }

    @Test func everyRecentVisitHasItsChartRead() {
        let reads = Set(events.filter { $0.kind == .chartRead }.map { [$0.daysAgo, $0.minuteOfDay, $0.patient ?? -1] })
        for (patient, visits) in Samples.clinic.visits.enumerated() {
            let physician = Samples.clinic.memberships[Samples.clinic.patients[patient].physician]
            for visit in visits {
                let daysAgo = Samples.today.dayNumber - visit.day
                guard daysAgo < Samples.clinic.registered(patient), physician.isSetUp(daysAgo) else { continue }
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
