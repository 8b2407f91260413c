// SPDX-License-Identifier: Apache-2.0

import Kernel

/// What the records know of the numbers of practitioners, and where patients are.
struct Workload: Sendable {
    /// How many patients a number cares for now.
    private let patients: [String: Set<Identifier<Kernel.Patient>>]
    /// Every number that any record names, past care included.
    private let known: Set<String>
    /// The names of departments in the records, sorted.
    let departments: [String]

    init(_ relations: [PatientRelations], at now: Instant) {
        var patients: [String: Set<Identifier<Kernel.Patient>>] = [:]
        var known: Set<String> = []
        for patient in relations {
            for care in patient.care {
                known.insert(care.practitioner)
                guard care.holds(at: now) else { continue }
                patients[care.practitioner, default: []].insert(patient.patient)
            }
        }
        self.patients = patients
        self.known = known
        departments = Set(relations.compactMap(\.department)).sorted()
    }

    /// How many patients these numbers care for now; nil when no record names any of them.
    func patients(of numbers: [PractitionerNumber]) -> Int? {
        guard numbers.contains(where: { known.contains($0.text) }) else { return nil }
        return numbers.reduce(into: Set()) { $0.formUnion(patients[$1.text] ?? []) }.count
    }
}
