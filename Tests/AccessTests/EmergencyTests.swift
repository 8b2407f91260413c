// SPDX-License-Identifier: Apache-2.0

import Kernel
import Testing

@testable import Access

/// Break-glass as a state machine: what can follow what, to the second.
struct EmergencyTests {
    private static let start = Instant(microseconds: 1_790_000_000_000_000)
    private static let nurse = Identifier<Person>(at: start)
    private static let officer = Identifier<Person>(at: start)

    private func emergency() -> Emergency {
        Emergency(
            Identifier(at: Self.start), by: Self.nurse, on: Identifier(at: Self.start), for: .cannotWait,
            at: Self.start, isOneOfMany: false)
    }

    private func at(_ duration: Duration) -> Instant { Self.start.advanced(by: duration) }

    private func fault(_ body: () throws -> Void) -> Fault.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? Fault)?.code
        }
    }

    @Test func itIsOpenForAnHourAndDueAfterThreeDays() {
        let emergency = emergency()
        #expect(emergency.state(at: at(.zero)) == .open)
        #expect(emergency.state(at: at(.minutes(60) - .microseconds(1))) == .open)
        #expect(emergency.state(at: at(.minutes(60))) == .ended)
        #expect(emergency.state(at: at(.hours(72) - .microseconds(1))) == .ended)
        #expect(emergency.state(at: at(.hours(72))) == .overdue)
        #expect(emergency.closes == at(.minutes(60)))
    }

    @Test(arguments: [Emergency.End.Cause.person, .reviewer])
    func itCanBeEndedEarlier(cause: Emergency.End.Cause) throws {
        var emergency = emergency()
        try emergency.end(by: cause, at: at(.minutes(10)))
        #expect(emergency.end == Emergency.End(at: at(.minutes(10)), cause: cause))
        #expect(emergency.state(at: at(.minutes(10))) == .ended)
        #expect(emergency.state(at: at(.hours(72))) == .overdue)
        #expect(fault { try emergency.end(by: .person, at: at(.minutes(11))) } == .conflict)
        #expect(emergency.closes == at(.minutes(10)))
    }

    @Test(arguments: Emergency.End.Cause.allCases)
    func whatItsTimeHasEndedNobodyElseEnds(cause: Emergency.End.Cause) throws {
        var emergency = emergency()
        try emergency.end(by: cause, at: at(.minutes(61)))
        #expect(emergency.end == Emergency.End(at: at(.minutes(60)), cause: .time))
    }

    @Test func timeDoesNotEndItEarly() {
        var emergency = emergency()
        #expect(fault { try emergency.end(by: .time, at: at(.minutes(60) - .microseconds(1))) } == .conflict)
        #expect(emergency.end == nil)
    }

    @Test(arguments: Emergency.Finding.allCases)
    func somebodyElseReviewsIt(finding: Emergency.Finding) throws {
        var emergency = emergency()
        try emergency.end(by: .person, at: at(.minutes(5)))
        try emergency.review(finding, by: Self.officer, at: at(.hours(80)))
        #expect(emergency.review == Emergency.Review(by: Self.officer, at: at(.hours(80)), finding: finding))
        let isFollowUp = finding == .followUp
        #expect(emergency.state(at: at(.hours(80))) == (isFollowUp ? .followUp : .reviewed))
        #expect(emergency.state(at: at(.days(800))) == (isFollowUp ? .followUpOverdue : .reviewed))
    }

    @Test func nobodyReviewsTheirOwn() {
        var emergency = emergency()
        #expect(fault { try emergency.review(.justified, by: Self.nurse, at: at(.hours(2))) } == .refused)
        #expect(emergency.review == nil)
    }

    @Test func whatIsOpenIsNotReviewed() {
        var emergency = emergency()
        #expect(fault { try emergency.review(.justified, by: Self.officer, at: at(.minutes(59))) } == .conflict)
        #expect(emergency.review == nil && emergency.end == nil)
    }

    @Test func aReviewAfterItsTimeEndsItToo() throws {
        var emergency = emergency()
        try emergency.review(.justified, by: Self.officer, at: at(.hours(2)))
        #expect(emergency.end == Emergency.End(at: at(.minutes(60)), cause: .time))
    }

    @Test(arguments: [Emergency.Finding.justified, .notJustified])
    func aJudgementStays(finding: Emergency.Finding) throws {
        var emergency = emergency()
        try emergency.review(finding, by: Self.officer, at: at(.hours(2)))
        #expect(fault { try emergency.review(.followUp, by: Self.officer, at: at(.hours(3))) } == .conflict)
        #expect(emergency.review?.finding == finding)
    }

    @Test(arguments: [Emergency.Finding.justified, .notJustified])
    func aFollowUpIsOpenUntilItIsClosedAndKeepsItsReview(finding: Emergency.Finding) throws {
        var emergency = emergency()
        try emergency.review(.followUp, by: Self.officer, at: at(.hours(2)))
        let review = emergency.review
        let due = at(.hours(2) + .days(14))
        #expect(emergency.followUpDue == due)
        #expect(emergency.state(at: due.advanced(by: .zero - .microseconds(1))) == .followUp)
        #expect(emergency.state(at: due) == .followUpOverdue)
        #expect(fault { try emergency.close(finding, by: Self.nurse, at: due) } == .refused)
        #expect(emergency.closing == nil)
        try emergency.close(finding, by: Self.officer, at: due)
        #expect(emergency.review == review && emergency.followUpDue == due)
        #expect(emergency.judgement == Emergency.Review(by: Self.officer, at: due, finding: finding))
        #expect(emergency.state(at: at(.days(800))) == .reviewed)
        #expect(fault { try emergency.close(finding, by: Self.officer, at: due) } == .conflict)
    }

    @Test func nothingBeginsTheTimeOfAFollowUpAgain() throws {
        var emergency = emergency()
        try emergency.review(.followUp, by: Self.officer, at: at(.hours(2)))
        let (before, later) = (emergency, at(.days(13)))
        for again in Emergency.Finding.allCases {
            #expect(fault { try emergency.review(again, by: Self.officer, at: later) } == .conflict)
        }
        #expect(fault { try emergency.close(.followUp, by: Self.officer, at: later) } == .invalidInput)
        #expect(emergency == before)
    }

    @Test func whereNoFollowUpWasAskedForNoneIsClosed() throws {
        var emergency = emergency()
        #expect(fault { try emergency.close(.justified, by: Self.officer, at: at(.hours(2))) } == .conflict)
        try emergency.review(.notJustified, by: Self.officer, at: at(.hours(2)))
        #expect(fault { try emergency.close(.justified, by: Self.officer, at: at(.hours(3))) } == .conflict)
        #expect(emergency.closing == nil && emergency.followUpDue == nil)
    }

    @Test(arguments: [(0, 0, false), (4, 19, false), (5, 5, true), (0, 20, true), (5, 20, true)])
    func fiveAtOnceOrTwentyADayAreMany(open: Int64, daily: Int64, isMany: Bool) {
        #expect(EmergencyLimits.areMany(open: open, daily: daily) == isMany)
    }

    @Test(arguments: [
        ("", false), ("too short", false), ("   123456789   ", false), ("1234567890", true),
        (String(repeating: "x", count: 500), true), (String(repeating: "x", count: 501), false),
    ])
    func aFewWordsAreTenToFiveHundredCharacters(typed: String, isTaken: Bool) {
        #expect((EmergencyNote(typed) != nil) == isTaken)
    }

    @Test func aNoteShowsNoWords() throws {
        let note = try #require(EmergencyNote("Maria Muster is unconscious"))
        #expect(!"\(note)".contains("Muster"))
    }

    @Test(arguments: [
        ("vault.chart-read.v1", "Chart read"), ("access.emergency-opened.v1", "Emergency opened"), ("odd", "odd"),
    ])
    func factsOfOtherPracticesAreNamedByTheirIds(kind: String, words: String) {
        #expect(EmergencyReadings.words(kind) == words)
    }
}
