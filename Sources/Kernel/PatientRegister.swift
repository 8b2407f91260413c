// SPDX-License-Identifier: Apache-2.0

/// Somebody who cares for a patient, for a time, as the records say it.
package struct CareRelation: Sendable, Hashable {
    /// The identifier by which records name the practitioner, `system|value`: an NPI, or a number of the house.
    package let practitioner: String
    /// From which record it follows.
    package let kind: Kind
    /// When it begins; nil where the records name no start.
    package let from: Instant?
    /// When it ends; nil while nobody knows.
    package let until: Instant?

    /// The records that tie a practitioner to a patient.
    package enum Kind: String, Sendable, CaseIterable {
        /// A participant of an encounter, for its period.
        case encounter
        /// A member of a care team, for its period.
        case careTeam = "care-team"
        /// The patient's general practitioner, without end.
        case generalPractitioner = "general-practitioner"
    }

    /// A relation.
    package init(practitioner: String, kind: Kind, from: Instant?, until: Instant?) {
        self.practitioner = practitioner
        self.kind = kind
        self.from = from
        self.until = until
    }

    /// Whether it has begun at `now`; one without a start always has.
    package func hasBegun(at now: Instant) -> Bool {
        from.map { $0 <= now } ?? true
    }

    /// Whether it holds at `now`.
    package func holds(at now: Instant) -> Bool {
        hasBegun(at: now) && until.map { now < $0 } ?? true
    }
}

/// A class of records that the law protects beyond all others (HL7 v3 ActCode, information sensitivity).
package enum ProtectedClass: String, Sendable, CaseIterable, Comparable {
    /// Notes of psychotherapy (45 CFR 164.501).
    case psychotherapy
    /// HIV and AIDS.
    case hiv
    /// Substance use disorder treatment (42 CFR Part 2).
    case substanceUse = "substance-use"

    /// Its name in the clinic's words.
    package var title: String {
        switch self {
        case .psychotherapy: "Psychotherapy"
        case .hiv: "HIV"
        case .substanceUse: "Substance use"
        }
    }

    /// The action that reads records of the class, beside reading the chart.
    package var action: Action {
        switch self {
        case .psychotherapy: Action("vault.read-psychotherapy", "Read notes of psychotherapy")
        case .hiv: Action("vault.read-hiv", "Read records about HIV")
        case .substanceUse: Action("vault.read-substance-use", "Read records of substance use treatment")
        }
    }

    /// By their ids.
    package static func < (left: Self, right: Self) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What rules may ask about a patient, and nothing that a rule does not need.
package struct PatientRelations: Sendable, Hashable {
    /// The patient.
    package let patient: Identifier<Patient>
    /// Who cares for the patient, past relations included.
    package let care: [CareRelation]
    /// The name of the department where the patient is now; nil when no record says so.
    package let department: String?
    /// The classes of protected records that the chart holds.
    package let protected: Set<ProtectedClass>

    /// The relations of a patient.
    package init(
        patient: Identifier<Patient>, care: [CareRelation] = [], department: String? = nil,
        protected: Set<ProtectedClass> = []
    ) {
        self.patient = patient
        self.care = care
        self.department = department
        self.protected = protected
    }
}

/// What a practice that keeps records tells the rules about its patients.
///
/// Answers hold what rules need and no name, so that a decision about a chart does not open the chart.
package protocol PatientRegister: Sendable {
    /// The relations of a patient, as of now; nil when there is no such patient.
    func relations(of patient: Identifier<Patient>) async throws -> PatientRelations?
    /// The relations of every patient, sorted by id.
    func allRelations() async throws -> [PatientRelations]
    /// The pseudonym under which the log speaks of a patient; nil when there is no such patient.
    func subject(of patient: Identifier<Patient>) async throws -> [UInt8]?
    /// The one patient whose records carry this number of another system; nil when nobody's do, when those of several
    /// do, and while that is not known of all.
    func patient(system: String, number: String) async throws -> Identifier<Patient>?
    /// Name and birth date for people who may search for patients; nil when there is no such patient, or the name does
    /// not open.
    func name(of patient: Identifier<Patient>) async throws -> String?
}
