// SPDX-License-Identifier: Apache-2.0

extension Chart {
    func addConditions(_ record: RecordContext, to writer: inout BundleWriter) {
        for diagnosis in health.diagnoses {
            let visit = diagnosis.isNew ? 0 : nil
            addCondition(diagnosis.problem.profile.coding, diagnosis.onset, nil, visit, record, to: &writer)
        }
        var random = SplitMix64(seed: ~seed, stream: .health, index: patient.index)
        for (position, visit) in visits.enumerated() {
            guard case .acute(let problem) = visit.kind else { continue }
            let onset = visit.day - random.draw(1...3)
            let end = onset + random.draw(problem.course) + 3
            addCondition(problem.coding, onset, end < lastDay ? end : nil, position, record, to: &writer)
        }
    }

    /// A problem without a visit belongs to the problem list; one with a visit was diagnosed there.
    private func addCondition(
        _ coding: Coding, _ onset: Int, _ end: Int?, _ visit: Int?, _ record: RecordContext,
        to writer: inout BundleWriter
    ) {
        let status: Coding =
            end == nil
            ? .hl7("condition-clinical", "active", "Active") : .hl7("condition-clinical", "resolved", "Resolved")
        let category: Coding =
            visit == nil
            ? .hl7("condition-category", "problem-list-item", "Problem List Item")
            : .hl7("condition-category", "encounter-diagnosis", "Encounter Diagnosis")
        writer.add(
            "Condition",
            [
                ("clinicalStatus", status.concept),
                ("verificationStatus", Coding.hl7("condition-ver-status", "confirmed", "Confirmed").concept),
                ("category", [category.concept]), ("code", coding.concept), ("subject", record.subject),
                ("encounter", record.encounter(visit)), ("onsetDateTime", date(onset)),
                ("abatementDateTime", end.map(date) ?? .absent),
                ("recordedDate", date(visit.map { visits[$0].day } ?? onset)),
            ])
    }

    func addAllergy(_ record: RecordContext, to writer: inout BundleWriter) {
        let status = Coding.hl7("allergyintolerance-clinical", "active", "Active")
        let verification = Coding.hl7("allergyintolerance-verification", "confirmed", "Confirmed")
        var members: [(String, JSON)] = [
            ("clinicalStatus", status.concept), ("verificationStatus", verification.concept),
            ("code", (health.allergy?.coding ?? Allergy.noneKnown).concept), ("patient", record.subject),
            ("recordedDate", date(visits[0].day)),
        ]
        if let allergy = health.allergy {
            members += [
                ("category", [.text(allergy.category)]), ("criticality", allergy.isSevere ? "high" : "low"),
                ("reaction", [["manifestation": [allergy.reaction.concept]]]),
            ]
        }
        writer.add("AllergyIntolerance", members)
    }
}
