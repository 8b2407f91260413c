// SPDX-License-Identifier: Apache-2.0

import Kernel
import Web

/// What is kept about one member of staff, and the forms that change it.
struct StaffPage: Component {
    let member: StaffMember
    let numbers: [PractitionerNumber]
    /// Who else has a number: from before a number belonged to one person.
    let holders: [PractitionerNumber: String]
    let workload: Workload?
    let form: StaffForm
    let csrf: CSRFField
    let time: LocalTime
    let now: Instant
    /// Why the person at the browser may change nothing here; nil when they may.
    let refusal: String?
    /// Whether it is the person at the browser.
    let isOwn: Bool
    /// What was saved just now.
    let saved: String?
    /// What they changed for themselves.
    let changedByThemselves: HTML?

    var html: HTML {
        """
        \(Breadcrumb(
            [Link("Access", to: "/access"), Link("Staff", to: "/access/staff")], current: member.summary.name))\
        \(PageHeading(member.summary.name, lead: StaffRole.titles(member.summary.roles)))\
        \(saved.map { Callout(.success, $0) })\(notice)\(changedByThemselves)\(department)\(practitioner)\(shifts)
        """
    }

    private var path: String { StaffPages.path(member) }

    private var notice: HTML? {
        if let refusal { return Callout(.info, "Not for you to change", content: "\(refusal)").html }
        guard isOwn else { return nil }
        return Callout(
            .warning, "You are changing your own entry",
            content: """
                Nobody else here may do it, so you may, with a new code from your phone. Each change is recorded as one that you made for yourself, and \
                is shown to privacy officers and auditors for \(OwnChanges.days) days.
                """
        ).html
    }

    /// A form, for those who may send it.
    private func post(_ act: String, isInline: Bool = false, _ content: HTML) -> HTML? {
        guard refusal == nil else { return nil }
        return PostForm(
            action: path, csrf: csrf, isInline: isInline,
            content: "<input type=\"hidden\" name=\"act\" value=\"\(act)\">\(content)"
        ).html
    }

    /// The last cell of a row that can be removed, and no cell for those who may not.
    private func change(_ act: String, _ content: HTML) -> [HTML] {
        post(act, isInline: true, content).map { [$0] } ?? []
    }

    private func columns(_ names: String...) -> [DataTable.Column] {
        (names + (refusal == nil ? ["Change"] : [])).map { .init($0) }
    }

    /// What was typed into a form that was sent back, else what is known.
    private func value(_ name: String, of act: String, _ known: String = "") -> String {
        form.act == act ? form.typed[name] ?? known : known
    }

    private func error(_ name: String, of act: String) -> String? {
        form.act == act ? form.errors[name] : nil
    }

    private var department: HTML {
        let names = workload?.departments ?? []
        let hint =
            names.isEmpty
            ? "As the records call it. Empty for none in particular."
            : "As the records call it: \(names.prefix(12).joined(separator: ", ")). Empty for none in particular."
        let field = FormField(
            "department", label: "Department", value: value("department", of: "department", member.department ?? ""),
            hint: hint, error: error("department", of: "department"))
        let isUnknown = member.department.map { !names.isEmpty && !names.contains($0) } ?? false
        let warning: HTML? =
            isUnknown
            ? Callout(
                .warning, "No patient is in this department now",
                content: "The name must be the one that the records use, letter by letter."
            ).html
            : nil
        let name = refusal == nil ? nil : "<p><strong>\(member.department ?? "None in particular")</strong></p>" as HTML
        return PageSection(
            "Department",
            content: """
                <p>On duty, physicians and nurses read the charts of patients who are in their department.</p>\(name)\(warning)\
                \(post("department", "\(field)\(ButtonRow("\(ActionButton("Save the department", style: .secondary))"))"))
                """
        ).html
    }

    private var practitioner: HTML {
        let rows: [[HTML]] = numbers.map { number in
            let doubt: HTML? =
                number.isDoubtful ? " \(StatusChip(.partial, word: "Not a valid NPI"))" : nil
            let remove = change(
                "remove-number",
                """
                <input type="hidden" name="number" value="\(number.text)">\
                \(ActionButton("Remove", style: .danger))
                """)
            let others: HTML? = holders[number].map { " \(StatusChip(.notMet, word: "Also of \($0)"))" }
            return ["\(number.title)\(doubt)\(others)", "\(StaffPages.words(workload, [number]))"] + remove
        }
        let field = FormField(
            "number", label: "Number", value: value("number", of: "add-number"), hint: PractitionerNumber.hint,
            error: error("number", of: "add-number") ?? error("number", of: "remove-number"))
        let table = DataTable(
            caption: "Numbers by which records name \(member.summary.name)",
            columns: columns("Number", "Patients now"), rows: rows,
            empty: EmptyState("No number", text: "Without one, no record says whom this person treats."))
        return PageSection(
            "Numbers in the records",
            content: """
                <p>Whoever a number belongs to reads the charts of the patients for whom records name it.</p>\
                \(table)\
                \(post("add-number", "\(field)\(ButtonRow("\(ActionButton("Add the number", style: .secondary))"))"))
                """
        ).html
    }

    private var shifts: HTML {
        let rows: [[HTML]] = member.shifts.reversed().map { shift in
            let state = shift.until <= now ? "Over" : shift.from <= now ? "Now" : "To come"
            let remove = change(
                "remove-shift",
                """
                <input type="hidden" name="from" value="\(shift.from.microseconds)">\
                \(ActionButton("Remove", style: .danger))
                """)
            return [TimeText(shift.from, in: time).html, TimeText(shift.until, in: time).html, "\(state)"] + remove
        }
        let fields: HTML = """
            \(FormField("from", label: "Begins", value: value("from", of: "add-shift"),
                hint: "Day and time on the clinic's clock: 2026-11-23 07:00", error: error("from", of: "add-shift")))\
            \(FormField("until", label: "Ends", value: value("until", of: "add-shift"),
                hint: "2026-11-23 15:30", error: error("until", of: "add-shift")))\
            \(ButtonRow("\(ActionButton("Add the shift", style: .secondary))"))
            """
        let table = DataTable(
            caption: "Shifts", columns: columns("Begins", "Ends", "State"), rows: rows,
            empty: EmptyState("No shifts", text: "Somebody without shifts counts as on duty at all times."))
        return PageSection(
            "Shifts",
            content: """
                <p>While a shift is entered that is not over yet, this person is on duty only during shifts that are entered.</p>\
                \(table)\(post("add-shift", fields))
                """
        ).html
    }
}
