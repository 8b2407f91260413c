// SPDX-License-Identifier: Apache-2.0

extension Chart {
    /// A plan for those whose problem asks for daily work of their own: one plan, for the first problem that has one.
    func addCarePlan(_ record: RecordContext, to writer: inout BundleWriter) {
        guard let template = CarePlanTemplate.all.first(where: { health.has($0.problem) }) else { return }
        let hasDied = patient.deathDate != nil
        let activities: [JSON] = template.activities.map { activity in
            let detail: JSON = [
                "code": activity.concept, "status": .text(hasDied ? "stopped" : "in-progress"), "doNotPerform": false,
            ]
            return ["detail": detail]
        }
        let period: JSON = ["start": date(visits[0].day), "end": hasDied ? date(lastDay) : .absent]
        writer.add(
            "CarePlan",
            [
                ("status", .text(hasDied ? "revoked" : "active")), ("intent", "plan"),
                ("category", [template.coding.concept]), ("title", .text(template.coding.display)),
                ("subject", record.subject), ("encounter", record.encounter(0)), ("period", period),
                ("created", date(visits[0].day)), ("author", record.clinic.practitioner(patient.nurse)),
                ("activity", .array(activities)),
            ])
    }
}

/// The usual care plan for a problem.
private struct CarePlanTemplate {
    let problem: Problem
    let coding: Coding
    let activities: [Coding]

    static let all = [
        CarePlanTemplate(
            problem: .type2Diabetes, coding: .snomed("698360004", "Diabetes self management plan"),
            activities: [.snomed("160670007", "Diabetic diet"), .snomed("229065009", "Exercise therapy")]),
        CarePlanTemplate(
            problem: .hypertension, coding: .snomed("443402002", "Lifestyle education regarding hypertension"),
            activities: [
                .snomed("1151000175103", "Dietary approaches to stop hypertension diet"),
                .snomed("229065009", "Exercise therapy"),
            ]),
        CarePlanTemplate(
            problem: .asthma, coding: .snomed("699728000", "Asthma self management"),
            activities: [.snomed("229065009", "Exercise therapy")]),
    ]
}
