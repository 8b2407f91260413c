// SPDX-License-Identifier: Apache-2.0

extension Chart {
    func addReadings(_ record: RecordContext, to writer: inout BundleWriter) {
        var random = SplitMix64(seed: seed, stream: .readings, index: patient.index)
        for position in visits.indices {
            let readings = ReadingPlan(chart: self, visit: visits[position], isFirst: position == 0, random: &random)
            let place = (record, position)
            addBloodPressure(readings.systolic, readings.diastolic, place, to: &writer)
            for reading in readings.single { addObservation(reading, place, to: &writer) }
            guard !readings.lipids.isEmpty else { continue }
            let results = readings.lipids.map { addObservation($0, place, to: &writer) }
            addLipidReport(results, place, to: &writer)
        }
    }

    @discardableResult
    private func addObservation(
        _ reading: Reading, _ place: (RecordContext, Int), to writer: inout BundleWriter
    ) -> JSON {
        var members = frame(reading.measure.coding, isLaboratory: reading.measure.isLaboratory, place)
        members.append(("valueQuantity", quantity(reading, reading.units)))
        members.append(("interpretation", interpretation(reading)))
        members.append(("referenceRange", range(reading)))
        return writer.add("Observation", members)
    }

    private func addBloodPressure(
        _ systolic: Reading, _ diastolic: Reading, _ place: (RecordContext, Int), to writer: inout BundleWriter
    ) {
        let components: [JSON] = [systolic, diastolic].map { reading in
            [
                "code": reading.measure.coding.concept, "valueQuantity": quantity(reading, reading.units),
                "interpretation": interpretation(reading), "referenceRange": range(reading),
            ]
        }
        let members = frame(Measure.bloodPressurePanel, isLaboratory: false, place)
        writer.add("Observation", members + [("component", .array(components))])
    }

    private func addLipidReport(_ results: [JSON], _ place: (RecordContext, Int), to writer: inout BundleWriter) {
        let (record, position) = place
        let visit = visits[position]
        writer.add(
            "DiagnosticReport",
            [
                ("status", "final"), ("category", [Coding.hl7("v2-0074", "LAB", "Laboratory").concept]),
                ("code", Measure.lipidPanel.concept), ("subject", record.subject),
                ("encounter", record.encounter(position)),
                ("effectiveDateTime", .text(instant(day: visit.day, minute: visit.minute + 5))),
                ("issued", .text(instant(day: visit.day, minute: visit.minute + 240))),
                ("performer", [record.clinic.organization]), ("result", .array(results)),
            ])
    }

    private func frame(
        _ coding: Coding, isLaboratory: Bool, _ place: (RecordContext, Int)
    ) -> [(String, JSON)] {
        let (record, position) = place
        let visit = visits[position]
        let category: Coding =
            isLaboratory
            ? .hl7("observation-category", "laboratory", "Laboratory")
            : .hl7("observation-category", "vital-signs", "Vital Signs")
        return [
            ("status", "final"), ("category", [category.concept]), ("code", coding.concept),
            ("subject", record.subject), ("encounter", record.encounter(position)),
            ("effectiveDateTime", .text(instant(day: visit.day, minute: visit.minute + 5))),
            ("performer", [isLaboratory ? record.clinic.organization : record.clinic.practitioner(patient.nurse)]),
        ]
    }

    private func range(_ reading: Reading) -> JSON {
        guard reading.low != nil || reading.high != nil else { return .absent }
        let low = reading.low.map { quantity(reading, $0) } ?? .absent
        let high = reading.high.map { quantity(reading, $0) } ?? .absent
        return [["low": low, "high": high]]
    }

    private func interpretation(_ reading: Reading) -> JSON {
        guard reading.low != nil || reading.high != nil else { return .absent }
        let isLow = reading.low.map { reading.units < $0 } ?? false
        let isHigh = reading.high.map { reading.units > $0 } ?? false
        let (code, display) = isLow ? ("L", "Low") : isHigh ? ("H", "High") : ("N", "Normal")
        return [Coding.hl7("v3-ObservationInterpretation", code, display).concept]
    }
}
