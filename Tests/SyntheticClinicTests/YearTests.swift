// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SyntheticClinic

@Suite struct YearTests {
    private static let year = Samples.clinic.year
    private var events: [YearEvent] { Self.year.events }

    @Test func theSameSeedAndDayTellTheSameYear() {
        let again = SyntheticClinic(seed: Samples.clinic.seed, today: Samples.today)
        #expect(again.year.events == events)
        #expect(SyntheticClinic(seed: 1, today: Samples.today).year.events != events)
    }

    @Test func everythingIsPastAndInOrder() {
        for (earlier, later) in zip(events, events.dropFirst()) { #expect(earlier.minute <= later.minute) }
        for event in events {
            #expect(event.minute < 0)
            #expect((1...Year.length + 1).contains(event.daysAgo))
        }
    }

    @Test func nobodyActsBeforeTheirSignInIsSetUpOrAfterTheyLeft() throws {
        var (invited, enrolled, closed): (Set<Int>, Set<Int>, Set<Int>) = ([], [], [])
        var there: Set<[Int]> = []
        for event in events {
            switch event.kind {
            case .people(.invited(let person, _)): invited.insert(person)
            case .people(.enrolled(let person)):
                #expect(invited.contains(person))
                enrolled.insert(person)
            case .people(.closed(let person, _)): closed.insert(person)
            default: break
            }
            if let person = event.arrival { there.insert([person, event.daysAgo]) }
            guard let actor = event.actor else { continue }
            #expect(there.contains([actor, event.daysAgo]), "\(event)")
            #expect(enrolled.contains(actor) && !closed.contains(actor), "\(event)")
            if let left = Samples.clinic.memberships[actor].left { #expect(event.daysAgo >= left, "\(event)") }
        }
        // One left and their account is still open; one was invited and has yet to come.
        let open = Samples.clinic.staff.filter { $0.endDate != nil && !closed.contains($0.index) }
        #expect(open.count == 1)
        #expect(invited.subtracting(enrolled).count == 1)
        #expect(enrolled.isSuperset(of: Samples.clinic.people.indices))
    }

    @Test func noChartIsReadBeforeItWasTakenIn() {
        var known: Set<Int> = []
        for event in events {
            switch event.kind {
            case .imported(let patients): known.formUnion(patients)
            case .work(_, _, let patient?): #expect(known.contains(patient), "\(event)")
            case .emergency(_, .opened(_, let patient, _, _)): #expect(known.contains(patient), "\(event)")
            default: break
            }
        }
        #expect(known == Set(Samples.clinic.patients.indices))
    }

    @Test func everyEmergencyEndsAndIsJudgedBySomebodyElse() throws {
        var stories: [Int: [YearEvent]] = [:]
        for event in events {
            if case .emergency(let number, _) = event.kind { stories[number, default: []].append(event) }
        }
        #expect((45...55).contains(stories.count))
        var findings: [String] = []
        for (number, story) in stories {
            guard case .emergency(_, .opened(let person, let patient, _, let words)) = story[0].kind else {
                Issue.record("emergency \(number) does not begin by being opened")
                continue
            }
            #expect(words.count >= 10)
            #expect(Samples.clinic.patients[patient].physician != person)
            #expect(Samples.clinic.patients[patient].nurse != person)
            for later in story.dropFirst(2) {
                switch later.kind {
                case .emergency(_, .reviewed(let by, let finding, _)):
                    #expect(by != person)
                    #expect(later.minute >= story[1].minute)
                    findings.append(finding)
                case .emergency(_, .followUpClosed(let by, _, _)): #expect(by != person)
                default: Issue.record("\(later) comes after the end of an emergency")
                }
            }
        }
        #expect(findings.count == stories.count - 1)
        #expect(Set(findings) == ["justified", "not-justified", "needs-follow-up"])
        #expect(Samples.clinic.openEmergency != nil)
    }

    @Test func nobodyReviewsTheirOwnRolesOrApprovesTheirOwnRules() {
        var authors: [Int: Int] = [:]
        for event in events {
            switch event.kind {
            case .rolesKept(let person, let by), .roleRefused(let person, _, let by): #expect(person != by)
            case .rules(let number, .proposed(let by, _, _)): authors[number] = by
            case .rules(let number, .approved(let by)), .rules(let number, .sentBack(let by, _)):
                #expect(authors[number] != nil && authors[number] != by)
            default: break
            }
        }
        #expect(authors.count == 3)
    }

    @Test func backupsFailForAWeekAndTwiceByThemselves() {
        var failed: [Int] = []
        var nights: Set<Int> = []
        for event in events {
            guard case .backup(let act) = event.kind else { continue }
            switch act {
            case .ran(job: 0, let night):
                nights.insert(event.daysAgo)
                #expect((night.files == nil) == (night.failure != nil))
                if night.failure != nil { failed.append(event.daysAgo) }
            case .ranLately(job: 0, _, _): nights.insert(event.daysAgo)
            default: break
            }
        }
        #expect(failed == [198, 73, 72, 71, 70, 69, 68, 67, 31])
        #expect(nights.count > 350)
        #expect(nights.allSatisfy { !Self.year.isOutage($0) })
    }

    @Test func nothingHappensWhileSalusDoesNotRun() {
        var isRunning = true
        for event in events {
            switch event.kind {
            case .stopped: isRunning = false
            case .started: isRunning = true
            default: #expect(isRunning, "\(event)")
            }
        }
    }

    @Test func aShortPastKeepsWhatLasts() {
        let short = Self.year.events(days: 0)
        #expect(short.count { if case .imported = $0.kind { true } else { false } } > 0)
        #expect(short.allSatisfy { if case .work = $0.kind { false } else { true } })
        #expect(short.allSatisfy { if case .backup = $0.kind { false } else { true } })
        #expect(Self.year.events(days: Year.length) == events.filter { $0.daysAgo <= Year.length || $0.isLasting })
    }
}
