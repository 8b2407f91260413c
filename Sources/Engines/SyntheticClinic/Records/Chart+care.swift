// SPDX-License-Identifier: Apache-2.0

/// Who cares for the patient, and who is in the house today.
extension Chart {
    func addCareTeam(_ record: RecordContext, to writer: inout BundleWriter) {
        let hasDied = patient.deathDate != nil
        let members: [JSON] = [patient.physician, patient.nurse].map { ["member": record.clinic.practitioner($0)] }
        writer.add(
            "CareTeam",
            [
                ("status", .text(hasDied ? "inactive" : "active")), ("subject", record.subject),
                ("period", ["start": date(visits[0].day), "end": hasDied ? date(lastDay) : .absent]),
                ("participant", .array(members)), ("managingOrganization", [record.clinic.organization]),
            ])
    }

    /// A few patients are in the house today, each in a department with somebody who works there.
    func addCurrentVisit(_ record: RecordContext, to writer: inout BundleWriter) {
        guard patient.deathDate == nil, let department else { return }
        let staff = record.clinic.people.filter { $0.department == department }
        let participants: [JSON] = staff.map { ["individual": record.clinic.practitioner($0.index)] }
        let isEmergency = department == "Emergency"
        let code: Coding =
            isEmergency ? .hl7("v3-ActCode", "EMER", "emergency") : .hl7("v3-ActCode", "IMP", "inpatient encounter")
        writer.add(
            "Encounter",
            [
                ("status", "in-progress"), ("class", code.json),
                ("type", [Coding.snomed("185345009", "Encounter for symptom").concept]), ("subject", record.subject),
                ("participant", .array(participants)),
                // It began yesterday, so that it goes on at every hour of today.
                ("period", ["start": .text(instant(day: today - 1, minute: 1_080))]),
                ("location", [["location": record.clinic.location(ofDepartment: department), "status": "active"]]),
                ("serviceProvider", record.clinic.organization),
            ])
    }

    private var department: String? {
        let age = patient.age(on: today)
        if patient.index % 9 == 4 { return "Emergency" }
        if patient.sex == .female, (20...42).contains(age), patient.index % 2 == 0 { return "Maternity" }
        return age >= 60 && patient.index % 5 == 1 ? "Internal medicine" : nil
    }
}

/// Records that the law protects beyond all others; each kind in a few charts of grown-ups.
extension Chart {
    func addProtectedRecords(_ record: RecordContext, to writer: inout BundleWriter) {
        guard patient.age(on: visits[0].day) >= 18 else { return }
        switch patient.index % 12 {
        case 2: addPsychotherapyNote(record, to: &writer)
        case 5: addHIVResult(record, to: &writer)
        case 8: addAlcoholDependence(record, to: &writer)
        default: break
        }
    }

    private func addPsychotherapyNote(_ record: RecordContext, to writer: inout BundleWriter) {
        // "Session note." in Base64.
        let note: JSON = ["contentType": "text/plain", "data": "U2Vzc2lvbiBub3RlLg=="]
        writer.add(
            "DocumentReference",
            security: .hl7("v3-ActCode", "PSYTHPN", "psychotherapy note information sensitivity"),
            [
                ("status", "current"), ("type", Coding.loinc("11510-5", "Psychology Progress note").concept),
                ("subject", record.subject), ("date", .text(instant(day: visits[0].day, minute: visits[0].minute + 9))),
                ("author", [record.clinic.practitioner(patient.physician)]), ("content", [["attachment": note]]),
            ])
    }

    private func addHIVResult(_ record: RecordContext, to writer: inout BundleWriter) {
        let code = Coding.loinc("56888-1", "HIV 1+2 Ab+HIV1 p24 Ag [Presence] in Serum or Plasma by Immunoassay")
        let quality: JSON = [
            "value": 0, "unit": "index", "system": "http://unitsofmeasure.org", "code": "{s_co_ratio}",
        ]
        writer.add(
            "Observation", security: .hl7("v3-ActCode", "HIV", "HIV/AIDS information sensitivity"),
            [
                ("status", "final"),
                ("category", [Coding.hl7("observation-category", "laboratory", "Laboratory").concept]),
                ("code", code.concept), ("subject", record.subject), ("encounter", record.encounter(0)),
                ("effectiveDateTime", .text(instant(day: visits[0].day, minute: visits[0].minute + 5))),
                ("performer", [record.clinic.organization]), ("valueQuantity", quality),
            ])
    }

    private func addAlcoholDependence(_ record: RecordContext, to writer: inout BundleWriter) {
        writer.add(
            "Condition", security: .hl7("v3-ActCode", "ETHUD", "alcohol use disorder information sensitivity"),
            [
                ("clinicalStatus", Coding.hl7("condition-clinical", "active", "Active").concept),
                ("verificationStatus", Coding.hl7("condition-ver-status", "confirmed", "Confirmed").concept),
                ("category", [Coding.hl7("condition-category", "problem-list-item", "Problem List Item").concept]),
                ("code", Coding.snomed("66590003", "Alcohol dependence").concept), ("subject", record.subject),
                ("onsetDateTime", date(visits[0].day)), ("recordedDate", date(visits[0].day)),
            ])
    }
}
