// SPDX-License-Identifier: Apache-2.0

extension Chart {
    func addEncounter(
        _ visit: Visit, _ subject: JSON, to writer: inout BundleWriter, _ clinic: Staffing
    ) -> JSON {
        let staff: [JSON] = [patient.physician, patient.nurse].map { ["individual": clinic.practitioner($0)] }
        let period: JSON = [
            "start": .text(instant(day: visit.day, minute: visit.minute)),
            "end": .text(instant(day: visit.day, minute: visit.minute + visit.duration)),
        ]
        return writer.add(
            "Encounter",
            [
                ("status", "finished"), ("class", Coding.hl7("v3-ActCode", "AMB", "ambulatory").json),
                ("type", [type(of: visit).concept]), ("subject", subject), ("participant", .array(staff)),
                ("period", period), ("reasonCode", reason(for: visit)),
                ("location", [["location": clinic.location(forPhysician: patient.physician)]]),
                ("serviceProvider", clinic.organization),
            ])
    }

    private func type(of visit: Visit) -> Coding {
        let checkUp = Coding.snomed("185349003", "Encounter for check up")
        switch visit.kind {
        case .checkUp: return checkUp
        // Who has no lasting problem has nothing to be followed up.
        case .followUp: return health.diagnoses.isEmpty ? checkUp : .snomed("390906007", "Follow-up encounter")
        case .acute: return .snomed("185345009", "Encounter for symptom")
        }
    }

    private func reason(for visit: Visit) -> JSON {
        switch visit.kind {
        case .checkUp: return .absent
        case .acute(let problem): return [problem.coding.concept]
        case .followUp:
            guard let main = health.diagnoses.first else { return .absent }
            return [main.problem.profile.coding.concept]
        }
    }
}
