// SPDX-License-Identifier: Apache-2.0

/// Something that happened at the clinic and that an evidence log would keep.
public struct HistoryEvent: Hashable, Sendable {
    /// How many days before the clinic's `today`, 1 or more.
    public let daysAgo: Int
    /// Minutes after midnight on the clinic's clock (UTC), 0 to 1439.
    public let minuteOfDay: Int
    /// What happened.
    public let kind: Kind
    /// Who acted, as a position in `SyntheticClinic.staff`.
    public let person: Int
    /// Whose chart it was about, as a position in `SyntheticClinic.patients`; nil for sign-ins.
    public let patient: Int?

    /// What can happen.
    public enum Kind: String, CaseIterable, Sendable {
        /// The person signed in.
        case signedIn
        /// A sign-in failed: a mistyped secret, or somebody else's attempt.
        case signInRefused
        /// The person looked a patient up, to make an appointment.
        case patientFound
        /// The person read the patient's chart.
        case chartRead
        /// The person read the chart of a patient whom they do not treat, having opened it in an emergency.
        case chartReadInEmergency
        /// The person asked for the patient's chart and was refused.
        case chartReadRefused
    }
}
