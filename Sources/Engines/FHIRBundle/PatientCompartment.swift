// SPDX-License-Identifier: Apache-2.0

/// Where each R4 resource type names the patient whose compartment it belongs to: CompartmentDefinition/patient
/// 4.0.1, its search parameters replaced by the elements that R4 defines for them.
///
/// Of several parameters the one that says whom the record is about is primary; who wrote, performed, pays or receives
/// it is secondary, and counts only when no primary one names a patient.
enum PatientCompartment {
    /// Elements as dotted paths.
    struct Paths: Sendable {
        let primary: [[String]]
        let secondary: [[String]]
    }

    /// Nil for a type that R4 does not have. Types outside the compartment have no paths.
    static func paths(of type: String) -> Paths? {
        table[type]
    }

    private static let table: [String: Paths] = {
        var result: [String: Paths] = [:]
        for type in outside.split(whereSeparator: \.isWhitespace) {
            result[String(type)] = Paths(primary: [], secondary: [])
        }
        for (type, primary, secondary) in rows {
            result[type] = Paths(primary: split(primary), secondary: split(secondary))
        }
        return result
    }()

    private static func split(_ paths: String) -> [[String]] {
        paths.split(separator: " ").map { path in path.split(separator: ".").map { String($0) } }
    }

    private static let rows: [(type: String, primary: String, secondary: String)] = [
        ("Account", "subject", ""),
        ("AdverseEvent", "subject", ""),
        ("AllergyIntolerance", "patient", "recorder asserter"),
        ("Appointment", "participant.actor", ""),
        ("AppointmentResponse", "actor", ""),
        ("AuditEvent", "entity.what agent.who", ""),
        ("Basic", "subject", "author"),
        ("BodyStructure", "patient", ""),
        ("CarePlan", "subject", "activity.detail.performer"),
        ("CareTeam", "subject", "participant.member"),
        ("ChargeItem", "subject", ""),
        ("Claim", "patient", "payee.party"),
        ("ClaimResponse", "patient", ""),
        ("ClinicalImpression", "subject", ""),
        ("Communication", "subject", "sender recipient"),
        ("CommunicationRequest", "subject", "sender recipient requester"),
        ("Composition", "subject", "author attester.party"),
        ("Condition", "subject", "asserter"),
        ("Consent", "patient", ""),
        ("Coverage", "beneficiary", "policyHolder subscriber payor"),
        ("CoverageEligibilityRequest", "patient", ""),
        ("CoverageEligibilityResponse", "patient", ""),
        ("DetectedIssue", "patient", ""),
        ("DeviceRequest", "subject", "performer"),
        ("DeviceUseStatement", "subject", ""),
        ("DiagnosticReport", "subject", ""),
        ("DocumentManifest", "subject", "author recipient"),
        ("DocumentReference", "subject", "author"),
        ("Encounter", "subject", ""),
        ("EnrollmentRequest", "candidate", ""),
        ("EpisodeOfCare", "patient", ""),
        ("ExplanationOfBenefit", "patient", "payee.party"),
        ("FamilyMemberHistory", "patient", ""),
        ("Flag", "subject", ""),
        ("Goal", "subject", ""),
        ("Group", "member.entity", ""),
        ("ImagingStudy", "subject", ""),
        ("Immunization", "patient", ""),
        ("ImmunizationEvaluation", "patient", ""),
        ("ImmunizationRecommendation", "patient", ""),
        ("Invoice", "subject", "recipient"),
        ("List", "subject", "source"),
        ("MeasureReport", "subject", ""),
        ("Media", "subject", ""),
        ("MedicationAdministration", "subject", "performer.actor"),
        ("MedicationDispense", "subject", "receiver"),
        ("MedicationRequest", "subject", ""),
        ("MedicationStatement", "subject", ""),
        ("MolecularSequence", "patient", ""),
        ("NutritionOrder", "patient", ""),
        ("Observation", "subject", "performer"),
        // A Patient is in its own compartment; `link` could only name a second one.
        ("Patient", "", ""),
        ("Person", "link.target", ""),
        ("Procedure", "subject", "performer.actor"),
        ("Provenance", "target", ""),
        ("QuestionnaireResponse", "subject", "author"),
        ("RelatedPerson", "patient", ""),
        ("RequestGroup", "subject", "action.participant"),
        ("ResearchSubject", "individual", ""),
        ("RiskAssessment", "subject", ""),
        ("Schedule", "actor", ""),
        ("ServiceRequest", "subject", "performer"),
        ("Specimen", "subject", ""),
        ("SupplyDelivery", "patient", ""),
        ("SupplyRequest", "deliverTo", ""),
        ("VisionPrescription", "patient", ""),
        // R4 leaves these outside, yet they name a patient: erasing that patient must erase them too.
        ("Device", "patient", ""),
        ("GuidanceResponse", "subject", ""),
        ("Task", "for", ""),
    ]

    private static let outside = """
        ActivityDefinition Binary BiologicallyDerivedProduct CapabilityStatement CatalogEntry ChargeItemDefinition
        CodeSystem CompartmentDefinition ConceptMap Contract DeviceDefinition DeviceMetric EffectEvidenceSynthesis
        Endpoint EnrollmentResponse EventDefinition Evidence EvidenceVariable ExampleScenario GraphDefinition
        HealthcareService ImplementationGuide InsurancePlan Library Linkage Location Measure Medication
        MedicationKnowledge MedicinalProduct MedicinalProductAuthorization MedicinalProductContraindication
        MedicinalProductIndication MedicinalProductIngredient MedicinalProductInteraction
        MedicinalProductManufactured MedicinalProductPackaged MedicinalProductPharmaceutical
        MedicinalProductUndesirableEffect MessageDefinition MessageHeader NamingSystem ObservationDefinition
        OperationDefinition OperationOutcome Organization OrganizationAffiliation PaymentNotice
        PaymentReconciliation PlanDefinition Practitioner PractitionerRole Questionnaire ResearchDefinition
        ResearchElementDefinition ResearchStudy RiskEvidenceSynthesis SearchParameter Slot SpecimenDefinition
        StructureDefinition StructureMap Subscription Substance SubstanceNucleicAcid SubstancePolymer
        SubstanceProtein SubstanceReferenceInformation SubstanceSourceMaterial SubstanceSpecification
        TerminologyCapabilities TestReport TestScript ValueSet VerificationResult
        """
}
