// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Store
import Web

/// One emergency: who, whose chart, why, what was read meanwhile, and the review.
struct EmergencyReviewPage: Sendable {
    let desk: EmergencyDesk
    let house: House
    let names: PatientNames
    let shelf: RuleShelf

    /// What stands in the form of the review, and what is wrong with it.
    struct Typed: Sendable {
        var finding = ""
        var words = ""
        var findingError: String?
        var wordsError: String?
        var proofError: String?
    }

    /// What people wrote about it.
    struct Notes: Sendable {
        let opening: String
        let review: String?
        let closing: String?
    }

    /// The page. Seeing it is a leaf.
    func html(of emergency: Emergency, _ request: PageRequest, _ typed: Typed = Typed()) async throws -> HTML {
        let people = Dictionary(try await house.directory.everyone().map { ($0.id, $0.name) }) { first, _ in first }
        let who = people[emergency.person] ?? "A person who is no longer here"
        let patient = try await names.name(of: emergency.patient, on: .review, emergency.id, for: request.visitor)
        let (now, notes, rule) = try await house.store.read { [shelf, key = desk.key] tx in
            let sealed = try tx.sealedNotes(of: emergency.id)
            let notes = Notes(
                opening: try EmergencyNote.open(sealed.opening, key, as: .opening, of: emergency.id),
                review: try sealed.review.map { try EmergencyNote.open($0, key, as: .review, of: emergency.id) },
                closing: try sealed.closing.map { try EmergencyNote.open($0, key, as: .closing, of: emergency.id) })
            return (tx.now, notes, try shelf.current(in: tx).title("emergency"))
        }
        let isOpen = emergency.state(at: now) == .open
        let many: HTML? =
            emergency.isOneOfMany
            ? Callout(
                .danger, "One of many",
                content: """
                    \(who) had \(EmergencyLimits.open) charts open in an emergency already, or had opened \
                    \(EmergencyLimits.daily) within 24 hours.
                    """
            ).html : nil
        return """
            \(Breadcrumb([Link("Emergencies", to: ReviewPages.path)], current: who))
            \(PageHeading("Emergency of \(who)"))\(many)
            \(DefinitionList([
                ("State", emergency.chip(at: now).html), ("Patient", "\(patient ?? emergency.patient.description)"),
                ("Opened", "\(TimeText(emergency.opened, in: house.localTime))"),
                (isOpen ? "Closes" : "Closed", emergency.closing(at: now, in: house.localTime, people)),
                ("Why", "\(emergency.reason.title)"),
                ("In their words", "\(notes.opening)"), ("By the rule", "\(rule)"),
                ("Review due", "\(TimeText(emergency.due, in: house.localTime))"),
            ]))
            \(try await readings(of: emergency))
            \(try await review(emergency, notes, people, now, request, typed))
            """
    }

    private func readings(of emergency: Emergency) async throws -> HTML {
        guard let readings = try await EmergencyReadings.read(emergency, house, desk.patients) else {
            return PageSection(
                "What was read meanwhile",
                content: "<p>The records do not say under which name the log speaks of this patient.</p>"
            ).html
        }
        let rows: [[HTML]] = readings.map { reading in
            [
                "\(reading.title)", "\(TimeText(reading.at, in: house.localTime))",
                "\(Link("Entry \(reading.position)", to: "/log/\(reading.position)"))",
            ]
        }
        let table = DataTable(
            caption: "What was read meanwhile", columns: [.init("What"), .init("When"), .init("In the log")],
            rows: rows, isCompact: true,
            empty: EmptyState("Nothing was read", text: "The log has no entry of this person about this patient."))
        return PageSection("What was read meanwhile", note: "\(readings.count)", content: table.html).html
    }
}
