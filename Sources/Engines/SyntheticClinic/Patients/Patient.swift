// SPDX-License-Identifier: Apache-2.0

/// Sex as the Patient resource's administrative gender has it; the raw value is the FHIR code.
public enum Sex: String, Sendable {
    /// Female.
    case female
    /// Male.
    case male
}

/// An invented patient, as a list or a search would show one; the chart itself is in the patient's bundle.
public struct Patient: Sendable {
    /// The position in `SyntheticClinic.patients`.
    public let index: Int
    /// The UUID of the Patient resource.
    public let id: String
    /// The medical record number, unique in the clinic: `SDC-200117`.
    public let medicalRecordNumber: String
    /// The given names, the usual one first.
    public let givenNames: [String]
    /// The family name.
    public let familyName: String
    /// The family name at birth, when it was another one.
    public let maidenName: String?
    /// Administrative gender.
    public let sex: Sex
    /// The day of birth.
    public let birthDate: ClinicDate
    /// The day of death, for the few who died within the last year.
    public let deathDate: ClinicDate?
    /// The physician in charge, as a position in `SyntheticClinic.people`.
    public let physician: Int
    /// The nurse in charge, as a position in `SyntheticClinic.people`.
    public let nurse: Int
}
