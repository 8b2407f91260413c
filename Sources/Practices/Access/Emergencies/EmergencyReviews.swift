// SPDX-License-Identifier: Apache-2.0

import Building
import Codecs
import Kernel
import Ledger
import Store

/// Whether somebody else judges what was opened in an emergency.
///
/// The population are the days of the last ninety, as far back as the log goes, and not the emergencies: a clinic
/// without any would have nothing to count and stand as "not measured" for doing well. A day is as it should be while
/// none of its emergencies is overdue: neither its review, nor a follow-up that the review asked for. Which emergencies there were is read from the log and not from the table, so a
/// row that somebody took away stays missing its review, and a row that the log knows nothing of counts against its day.
/// A review that came late makes its day good again, because nothing more can be done about it; how late it came stands
/// on its page.
///
/// While care teams do not decide who reads charts nobody needs an emergency, so days without an overdue one prove
/// nothing: they are counted as not measured.
enum EmergencyReviews {
    /// How many days are looked at.
    static let days: Int64 = 90

    static let measure = Measure(
        id: "access.break-glass-reviewed", practice: .permissions,
        title: "Charts opened in an emergency are reviewed by somebody else", population: "days",
        maximumAge: .hours(1),
        rules: ["45 CFR 164.312(a)(2)(ii)", "45 CFR 164.308(a)(1)(ii)(D)", "HICP practice 3"],
        nextStep: """
            Review the emergencies that wait for it; each is due 72 hours after it began. Close follow-ups within 14 \
            days of the review that asked for them. Nothing is measured until \
            care teams decide who reads charts: salus access care-teams on.
            """)

    static func probe(_ house: House) -> Probe {
        Probe(measure, every: .minutes(5)) { try await read(house) }
    }

    /// What was found.
    static func read(_ house: House) async throws -> MeasureReading? {
        // What was opened just now may wait for its place in the log; it is not due yet.
        try? await house.ledger.settle()
        let now = house.clock.now()
        let window = now.advanced(by: .zero - .days(days))
        let told = try await openedByLog(house, since: window)
        let (rows, careTeams) = try await house.store.read { tx in
            (try tx.emergencies(since: window), try Scene(tx).careTeams)
        }
        let judged = Set(rows.lazy.filter { $0.review != nil }.map(\.id))
        var overdue = told.filter { $0.opened.advanced(by: Emergency.reviewTime) <= now && !judged.contains($0.id) }
        let known = Set(told.map(\.id))
        let grace = now.advanced(by: .zero - .minutes(15))
        let unknown = rows.filter { $0.opened > window && $0.opened < grace && !known.contains($0.id) }
        // What nobody reviewed does not become good by growing old.
        let forgotten = rows.filter { $0.opened <= window && $0.review == nil }
        let followUps = rows.filter { $0.state(at: now) == .followUpOverdue }
        let late = overdue.count + forgotten.count
        overdue += (unknown + forgotten + followUps).map { Told(id: $0.id, opened: $0.opened) }
        let population = try await daysOfLog(house, now)
        let bad = Int64(Set(overdue.map { min(day($0.opened, now), population - 1) }).count)
        let isMeasured = careTeams || bad > 0
        return MeasureReading(
            of: measure, population: population, fulfilling: isMeasured ? population - bad : 0,
            unmeasured: isMeasured ? 0 : population, effectiveAt: now, collectedAt: now,
            source: source(
                told.count, overdue: late, followUps: followUps.count, unknown: unknown.count, careTeams))
    }

    private static func source(
        _ told: Int, overdue: Int, followUps: Int, unknown: Int, _ careTeams: Bool
    ) -> String {
        var words = "\(told) opened by the log"
        if overdue > 0 { words += ", \(overdue) overdue" }
        if followUps > 0 { words += ", \(followUps) with a follow-up that is overdue" }
        if unknown > 0 { words += ", \(unknown) that the log does not know" }
        return careTeams ? words : "\(words); care teams are off"
    }

    /// How many whole days ago.
    private static func day(_ instant: Instant, _ now: Instant) -> Int64 {
        max(0, now.since(instant).wholeMicroseconds / Duration.days(1).wholeMicroseconds)
    }

    /// How many of the last days the log covers; the one that has begun counts.
    private static func daysOfLog(_ house: House, _ now: Instant) async throws -> Int64 {
        do {
            return min(days, day(try await house.ledger.leaf(at: 0).leaf.happened, now) + 1)
        } catch let fault as Fault where fault.code == .notFound {
            return 1
        }
    }

    /// An emergency as the log tells it.
    private struct Told {
        let id: Identifier<Emergency>
        let opened: Instant
    }

    private static func openedByLog(_ house: House, since start: Instant) async throws -> [Told] {
        var query = LeafQuery(limit: 256)
        query.kind = EmergencyFacts.opened.id
        var told: [Told] = []
        while true {
            let leaves = try await house.ledger.leaves(query)
            for placed in leaves {
                guard placed.leaf.happened > start else { return told }
                guard let id = placed.leaf.data["id"]?.stringValue.flatMap({ Identifier<Emergency>($0) }) else {
                    throw Fault(.damaged, "An entry about an emergency names none.")
                }
                told.append(Told(id: id, opened: placed.leaf.happened))
            }
            guard leaves.count == 256, let last = leaves.last else { return told }
            query.before = last.position
        }
    }
}
