// SPDX-License-Identifier: Apache-2.0

import Building
import Kernel
import Store
import Web

/// Departments, practitioner numbers and shifts: what care teams need to know of the people of the clinic.
struct StaffPages: Sendable {
    let house: House
    let rules: RuleAuthorizer
    let desk: StaffDesk

    func add(to site: inout Site) {
        site.get("/access/staff", AccessActions.manageStaff) { request in try await list(request) }
        site.get("/access/staff/{person}", AccessActions.manageStaff) { request in
            try await page(request, try await member(request), StaffForm())
        }
        let entry: @Sendable (PageRequest) -> Kernel.EntityReference = {
            .staffEntry($0.parameters["person"] ?? "")
        }
        site.post("/access/staff/{person}", AccessActions.manageStaff, on: entry) { request in
            try await change(request)
        }
    }

    private func list(_ request: PageRequest) async throws -> Answer {
        let census = try await rules.census()
        let numbers = try await desk.numbers()
        let workload = try await workload(at: census.now)
        let own = try await OwnChanges.read(house)
        let names = Dictionary(census.staff.map { ($0.summary.id, $0.summary.name) }) { first, _ in first }
        let list = LongList(
            census.staff, "staff", of: request,
            text: { "\($0.summary.name) \(StaffRole.titles($0.summary.roles)) \($0.department ?? "")" },
            sorts: [1: \.summary.name, 2: { StaffRole.titles($0.summary.roles) }, 3: { $0.department ?? "" }])
        let rows: [[HTML]] = list.shown.map { member in
            let known = numbers[member.summary.id] ?? []
            let closed: HTML? = member.summary.isEnabled ? nil : " <span class=\"note\">account closed</span>"
            let changed: HTML? =
                own.of(member.summary.id).changes.isEmpty
                ? nil : " \(StatusChip(.partial, word: "Changed for themselves"))"
            return [
                "\(Link(member.summary.name, to: Self.path(member)))\(closed)\(changed)",
                "\(StaffRole.titles(member.summary.roles))", "\(member.department ?? "None")",
                "\(known.isEmpty ? "None" : "\(grouped(known.count))")", "\(Self.words(workload, known))",
                "\(Self.duty(member, at: census.now))",
            ]
        }
        let content: HTML = """
            \(Breadcrumb([Link("Access", to: "/access")], current: "Staff"))
            \(PageHeading("Departments, numbers and shifts",
                lead: "Care teams come from the records. These are the names and numbers by which records mean the people of this clinic."))
            \(own.callout(names, house.localTime))\(Self.state(census.careTeams))
            \(list.framed(DataTable(
                caption: "Staff",
                columns: [
                    .init("Name"), .init("Roles"), .init("Department"), .init("Numbers"), .init("Patients now"),
                    .init("On duty"),
                ], rows: rows,
                empty: EmptyState("Nobody yet", text: "Invite people first.",
                    action: Link("People", to: "/people", style: .secondary).html))))
            """
        return .page("Departments, numbers and shifts", content)
    }

    private func change(_ request: PageRequest) async throws -> Answer {
        let member = try await member(request)
        var form = StaffForm(request.form, house.localTime)
        if let number = form.newNumber, let holder = try await desk.holder(of: number, besides: member.summary.id) {
            form.refuse(number: StaffDesk.words(takenBy: holder.name))
        }
        guard let change = form.change else { return try await page(request, member, form) }
        // A number or a department opens charts: a session that was found must not be enough, and where nobody else
        // looks, neither must a password.
        let isOwn = request.visitor.principal == .person(member.summary.id)
        let isProved = isOwn ? try await house.isProvedByCode(request) : try await house.isProved(request)
        guard isProved else { return proof(request, member, change, isOwn: isOwn) }
        try await desk.make(change, for: member.summary.id, by: request.visitor.principal)
        return .seeOther("\(Self.path(member))?saved=\(form.act)")
    }

    private func page(_ request: PageRequest, _ member: StaffMember, _ form: StaffForm) async throws -> Answer {
        let now = house.clock.now()
        let workload = try await workload(at: now)
        let (id, name) = (member.summary.id, member.summary.name)
        let decision = try await house.authorizer.decide(
            AccessRequest(
                principal: request.visitor.principal, action: AccessActions.manageStaff,
                resource: .staffEntry(id.description), assurance: request.visitor.assurance))
        let own = try await OwnChanges.read(house).of(id)
        let numbers = try await desk.numbers()
        let page = StaffPage(
            member: member, numbers: numbers[id] ?? [], holders: try await holders(numbers, besides: id),
            workload: workload, form: form, csrf: request.formField, time: house.localTime, now: now,
            refusal: decision.isAllowed ? nil : decision.explanation,
            isOwn: request.visitor.principal == .person(id),
            saved: form.errors.isEmpty ? request.query["saved"].flatMap(StaffDesk.Change.saved) : nil,
            changedByThemselves: own.callout([id: name], house.localTime))
        return .page(name, status: form.errors.isEmpty ? 200 : 422, page.html)
    }

    /// Who else has which number.
    private func holders(
        _ numbers: [Identifier<Kernel.Person>: [PractitionerNumber]], besides person: Identifier<Kernel.Person>
    ) async throws -> [PractitionerNumber: String] {
        var holders: [PractitionerNumber: String] = [:]
        for number in numbers[person] ?? [] {
            holders[number] = try await desk.holder(of: number, besides: person)?.name
        }
        return holders
    }

    /// Asks who sits at the browser, and goes on with what was filled in.
    private func proof(
        _ request: PageRequest, _ member: StaffMember, _ change: StaffDesk.Change, isOwn: Bool
    ) -> Answer {
        let isWrong = request.form[ProofField.name] != nil
        let kept: [HTML] = request.form.all.filter { $0.name != "csrf" && $0.name != ProofField.name }.map { field in
            "<input type=\"hidden\" name=\"\(field.name)\" value=\"\(field.value)\">"
        }
        let cancel = Link("Cancel", to: Self.path(member), style: .secondary)
        let field =
            isOwn
            ? FormField(
                ProofField.name, label: "A new code from your phone", kind: .oneTimeCode,
                hint: "A password is not enough for a change of your own.",
                error: isWrong ? "This code does not work now. Wait for the next one." : nil, isRequired: true,
                isFocused: true
            ).html
            : ProofField(error: isWrong ? ProofField.wrong : nil, isFocused: true).html
        let fields: HTML = "\(kept)\(field)\(ButtonRow("\(ActionButton("Save the change"))\(cancel)"))"
        let consequence =
            isOwn
            ? "This changes which charts you can read. It is recorded as done for yourself."
            : "This changes which charts they can read."
        let words = "To be saved: \(change.words(about: member.summary.name, house.localTime)) \(consequence)"
        return .page(
            "Confirm that it is you", status: isWrong ? 422 : 200,
            """
            \(PageHeading("Confirm that it is you", lead: words))\
            \(PostForm(action: request.path, csrf: request.formField, content: fields))
            """)
    }

    private func member(_ request: PageRequest) async throws -> StaffMember {
        let id: Identifier<Kernel.Person> = try request.identifier("person")
        guard let summary = try await house.directory.person(id) else {
            throw Fault(.notFound, "There is no such person.")
        }
        return try await house.store.read { tx in try tx.staffMember(summary) }
    }

    /// Nil where nobody keeps records.
    private func workload(at now: Instant) async throws -> Workload? {
        guard let register = rules.patients.current else { return nil }
        return Workload(try await register.allRelations(), at: now)
    }

    static func path(_ member: StaffMember) -> String { "/access/staff/\(member.summary.id)" }

    /// How many patients are related to these numbers now, or that the records do not know them.
    static func words(_ workload: Workload?, _ numbers: [PractitionerNumber]) -> String {
        guard let workload else { return "No records yet" }
        guard !numbers.isEmpty else { return "None" }
        return workload.patients(of: numbers).map { grouped($0) } ?? "No record names the number"
    }

    private static func duty(_ member: StaffMember, at now: Instant) -> String {
        if member.shifts.isEmpty { return "Always: no shifts are entered" }
        return member.isOnDuty(at: now) ? "Now" : "Not now"
    }

    private static func state(_ careTeams: Bool) -> Callout {
        careTeams
            ? Callout(
                .info, "Care teams decide who reads charts",
                content: "Whoever has no number that records name, and no department, opens charts in emergencies only."
            )
            : Callout(
                .warning, "Care teams do not decide yet",
                content: "Physicians and nurses read every chart until care teams are switched on.")
    }
}
