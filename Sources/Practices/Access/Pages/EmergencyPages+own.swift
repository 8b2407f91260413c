// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Store
import Web

/// What somebody opened in an emergency: what is open now and how to end it, and what is over.
extension EmergencyPages {
    /// What the list shows, read at one moment.
    private struct List {
        let now: Instant
        /// The names of the patients whose charts are open, where they are told.
        let names: [Identifier<Patient>: String]
        /// The names of staff, for reviewers who ended one.
        let people: [Identifier<Person>: String]
    }

    /// The page.
    func mine(_ request: PageRequest) async throws -> Answer {
        let person = try request.person().person.id
        let (now, all) = try await house.store.read { tx in (tx.now, try tx.emergencies(of: person)) }
        let (open, closed) = (all.filter { $0.state(at: now) == .open }, all.filter { $0.state(at: now) != .open })
        let heading = PageHeading(
            "Your emergencies", lead: "Charts that you opened in an emergency. End it when you need the chart no more.")
        guard !all.isEmpty else {
            let empty = EmptyState(
                "You opened no chart in an emergency",
                text: "When a chart or a part of it is closed to you, and the patient cannot wait, its page says how.")
            return .page("Your emergencies", "\(heading)\(empty)")
        }
        let list = List(
            now: now, names: try await names.names(of: open.map(\.patient), on: .own, for: request.visitor),
            people: Dictionary(try await house.directory.everyone().map { ($0.id, $0.name) }) { first, _ in first })
        let cards: HTML? =
            open.isEmpty
            ? nil
            : PageSection(
                "Open now", note: "\(open.count)", content: CardGrid(open.map { card($0, list, request) }).html
            ).html
        let table: HTML? =
            closed.isEmpty
            ? nil
            : PageSection("Closed", note: "\(closed.count)", content: "\(Self.byNumber)\(table(closed, list))").html
        let unnamed: HTML? =
            open.allSatisfy { list.names[$0.patient] != nil }
            ? nil
            : """
            <p class="note">Where a number stands for the patient of an open chart, the name is hidden from your role or \
            does not open.</p>
            """
        return .page("Your emergencies", "\(heading)\(cards)\(unnamed)\(table)")
    }

    private func card(_ emergency: Emergency, _ list: List, _ request: PageRequest) -> Card {
        let content: HTML = """
            <p>\(emergency.reason.title)</p>\
            <p>Opened \(TimeText(emergency.opened, in: house.localTime))</p>\
            <p>Closes \(emergency.closing(at: list.now, in: house.localTime, [:]))</p>
            """
        return Card(
            list.names[emergency.patient] ?? PatientNames.unnamed(emergency.patient),
            chip: emergency.chip(at: list.now), content: content, action: acts(emergency, request))
    }

    /// What can be done while it is open.
    func acts(_ emergency: Emergency, _ request: PageRequest) -> HTML {
        let button = ActionButton("End now", style: .danger, name: "emergency", value: emergency.id.description)
        return ButtonRow(
            """
            \(Link("Open the chart", to: Self.chart(emergency.patient), style: .primary))\
            \(PostForm(action: "\(Self.own)/end", csrf: request.formField, isInline: true, content: button.html))
            """
        ).html
    }

    /// A name is shown, and that it was is written down, for the chart that somebody treats by, and not for what was
    /// years ago.
    private static let byNumber: HTML = """
        <p class="note">What is over stands here by the patient's number. It leads to the chart, which opens if you may \
        read it now.</p>
        """

    private func table(_ closed: [Emergency], _ list: List) -> HTML {
        DataTable(
            caption: "Your emergencies that are over, newest first",
            columns: [.init("Patient"), .init("Opened"), .init("Why"), .init("Closed"), .init("State")],
            rows: closed.map { emergency in
                [
                    "\(Link(PatientNames.unnamed(emergency.patient), to: Self.chart(emergency.patient)))",
                    "\(TimeText(emergency.opened, in: house.localTime))", "\(emergency.reason.title)",
                    emergency.closing(at: list.now, in: house.localTime, list.people),
                    emergency.chip(at: list.now).html,
                ]
            }
        ).html
    }

    /// Ends one of one's own.
    func end(_ request: PageRequest) async throws -> Answer {
        guard let id = Identifier<Emergency>(request.form["emergency"] ?? "") else {
            throw Fault(.invalidInput, "Choose the emergency that is to end.")
        }
        try await desk.end(id, of: try request.person().person.id)
        return .seeOther(Self.own)
    }
}
