// SPDX-License-Identifier: Apache-2.0

/// Somebody who works at the demonstration clinic.
public struct Person: Sendable {
    /// The position in `SyntheticClinic.people`.
    public let index: Int
    /// A UUID; also the id of the Practitioner resource of physicians and nurses.
    public let id: String
    /// The given name.
    public let givenName: String
    /// The family name.
    public let familyName: String
    /// The work address, at `demo-clinic.example`.
    public let email: String
    /// What the door plate says.
    public let jobTitle: String
    /// The roles in which the person works, in the order of `Role.allCases`; never empty.
    public let roles: [Role]
    /// The number of a physician or nurse, of the form of a National Provider Identifier and clearly none: `9999910002`.
    /// Nil for everybody else.
    public let npi: String?
    /// The department where a physician or nurse works, by the name of its location; nil for everybody else.
    public let department: String?
    /// The first day at the clinic.
    public let startDate: ClinicDate
    /// The last day at the clinic; nil for those who are still there.
    public let endDate: ClinicDate?
}

/// A role of the demonstration clinic; the raw value is the role's id.
public enum Role: String, CaseIterable, Sendable {
    /// Runs the machines and the accounts; reads no charts.
    case administrator
    /// Treats patients.
    case physician
    /// Cares for patients together with a physician.
    case nurse
    /// Makes appointments; sees who a patient is, not what ails them.
    case frontDesk = "front-desk"
    /// Answers for privacy and looks at who read what.
    case privacyOfficer = "privacy-officer"
    /// Checks evidence and changes nothing.
    case auditor
}
