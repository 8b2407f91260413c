// SPDX-License-Identifier: Apache-2.0

/// Everything decided about one patient before a single resource is written.
struct Chart {
    let patient: Patient
    let visits: [Visit]
    let health: HealthPlan
    let prescriptions: [Prescription]
    let physiology: Physiology
    let seed: UInt64
    let today: Int

    init(patient: Patient, visits: [Visit], seed: UInt64, today: ClinicDate) {
        var random = SplitMix64(seed: seed, stream: .health, index: patient.index)
        (self.patient, self.visits, self.seed, self.today) = (patient, visits, seed, today.dayNumber)
        health = HealthPlan(patient: patient, firstVisit: visits[0].day, random: &random)
        prescriptions = Prescribing(patient: patient, health: health, visits: visits).prescriptions
        physiology = Physiology(patient: patient, health: health, prescriptions: prescriptions, random: &random)
    }

    /// The last day on which anything can be recorded.
    var lastDay: Int {
        patient.deathDate?.dayNumber ?? today
    }

    /// The patient's transaction bundle in UTF-8.
    func bundle(clinic: Staffing) -> [UInt8] {
        var writer = BundleWriter(ids: SplitMix64(seed: seed, stream: .resources, index: patient.index))
        let subject = addPatient(to: &writer, clinic)
        let encounters = visits.map { addEncounter($0, subject, to: &writer, clinic) }
        let record = RecordContext(subject: subject, encounters: encounters, clinic: clinic)
        addConditions(record, to: &writer)
        addAllergy(record, to: &writer)
        addPrescriptions(record, to: &writer)
        addReadings(record, to: &writer)
        addImmunizations(record, to: &writer)
        addCarePlan(record, to: &writer)
        // Behind all others, so that these keep their ids.
        addCareTeam(record, to: &writer)
        addCurrentVisit(record, to: &writer)
        addProtectedRecords(record, to: &writer)
        return writer.bytes
    }
}

/// What the resources of a chart refer to.
struct RecordContext {
    let subject: JSON
    /// References to the encounters, in the order of the visits.
    let encounters: [JSON]
    let clinic: Staffing

    /// The encounter of a visit that is on record.
    func encounter(_ visit: Int?) -> JSON {
        visit.map { encounters[$0] } ?? .absent
    }
}
