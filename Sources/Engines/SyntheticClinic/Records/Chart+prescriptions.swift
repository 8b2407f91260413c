// SPDX-License-Identifier: Apache-2.0

extension Chart {
    func addPrescriptions(_ record: RecordContext, to writer: inout BundleWriter) {
        for prescription in prescriptions {
            writer.add(
                "MedicationRequest",
                [
                    ("status", .text(status(of: prescription))), ("intent", "order"),
                    ("medicationCodeableConcept", prescription.medicine.coding.concept), ("subject", record.subject),
                    ("encounter", record.encounter(prescription.visit)), ("authoredOn", date(prescription.start)),
                    ("requester", record.clinic.practitioner(patient.physician)),
                    ("reasonCode", [prescription.reason.concept]), ("dosageInstruction", [dosage(prescription)]),
                    ("dispenseRequest", ["validityPeriod": validity(of: prescription)]),
                ])
        }
    }

    /// A course that ran out is completed; one that a stronger one replaced, or death ended, is stopped.
    private func status(of prescription: Prescription) -> String {
        guard let end = prescription.end else { return patient.deathDate == nil ? "active" : "stopped" }
        if prescription.visit == nil { return "stopped" }
        return end < lastDay ? "completed" : patient.deathDate == nil ? "active" : "stopped"
    }

    private func validity(of prescription: Prescription) -> JSON {
        let end = prescription.end ?? patient.deathDate?.dayNumber
        return ["start": date(prescription.start), "end": end.map { date(min($0, lastDay)) } ?? .absent]
    }

    private func dosage(_ prescription: Prescription) -> JSON {
        let medicine = prescription.medicine
        let frequency = JSON.number(FixedPoint(medicine.frequency, decimals: 0))
        let count: JSON = ["frequency": frequency, "period": 1, "periodUnit": "d"]
        return [
            "text": .text(medicine.instruction), "timing": ["repeat": count],
            "asNeededBoolean": .flag(medicine.isAsNeeded),
        ]
    }
}
