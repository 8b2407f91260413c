// SPDX-License-Identifier: Apache-2.0

/// The invented clinic of the demonstration: its people, its patients with their charts, and a year of work.
///
/// Pure and deterministic: the same seed and the same day give the same bytes on every machine.
public struct SyntheticClinic: Sendable {
    /// The seed from which everything is drawn.
    public let seed: UInt64
    /// The day on which the clinic is looked at; nothing happens on it or after it.
    public let today: ClinicDate
    /// The staff of 14, in all six roles.
    public let people: [Person]
    /// The same 14, and behind them those who were there for a part of the year or came just now.
    public let staff: [Person]
    /// How long each of `staff` could sign in.
    public let memberships: [Membership]
    /// The 100 patients.
    public let patients: [Patient]

    let visits: [[Visit]]

    /// Draws people, patients and their appointments; charts and history are made when they are asked for.
    ///
    /// - Parameters:
    ///   - seed: any number; another seed is another clinic with the same staff.
    ///   - today: the day that ends the history.
    public init(seed: UInt64, today: ClinicDate) {
        let people = Roster.people(seed: seed, today: today)
        let patients = Patient.all(seed: seed, today: today, people: people)
        var book = AppointmentBook()
        visits = patients.map { VisitPlan.visits(patient: $0, seed: seed, today: today, book: &book) }
        (self.seed, self.today, self.people, self.patients) = (seed, today, people, patients)
        let staff = people + Roster.others(seed: seed, today: today)
        self.staff = staff
        memberships = staff.enumerated().map { Membership.of($1, number: $0, today: today) }
    }

    /// A patient's chart as a FHIR R4 transaction bundle: UTF-8 JSON, each entry a PUT under the resource's own id.
    ///
    /// Practitioners, locations and the organization are referred to as `Type/id`, so `organizationBundle()` comes
    /// first; all other references are `urn:uuid:` and resolve within the bundle.
    /// - Parameter patient: one of this clinic's `patients`.
    public func bundle(for patient: Patient) -> [UInt8] {
        let chart = Chart(patient: patient, visits: visits[patient.index], seed: seed, today: today)
        return chart.bundle(clinic: Staffing(people: people, seed: seed))
    }

    /// The organization, its locations, and a Practitioner for each physician and nurse, as a transaction bundle.
    public func organizationBundle() -> [UInt8] {
        Staffing(people: people, seed: seed).bundle(seed: seed)
    }

    /// A year of sign-ins, chart reads and refusals before `today`, from the oldest to the newest.
    public var history: History {
        History(clinic: self)
    }

    /// Everything that happened in the year before `today`, from the oldest to the newest.
    public var year: Year {
        Year(of: self)
    }
}
