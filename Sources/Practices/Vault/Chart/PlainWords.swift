// SPDX-License-Identifier: Apache-2.0

/// Plain words for what FHIR and LOINC call things; what has none here keeps the name that it came with.
enum PlainWords {
    /// A resource type as a clinic calls it: `MedicationRequest` is a prescription.
    static func type(_ name: String) -> String {
        types[Array(name.utf8)] ?? name
    }

    /// A test as a clinic calls it. Only the exact long name of LOINC is replaced: whatever else an author wrote was
    /// chosen.
    static func test(_ name: String) -> String {
        tests[Array(name.utf8)] ?? name
    }

    // Bytes, because String compares by canonical equivalence.
    private static let types = byBytes([
        ("AllergyIntolerance", "Allergy or intolerance"), ("Appointment", "Appointment"), ("Binary", "File"),
        ("CarePlan", "Care plan"),
        ("CareTeam", "Care team"), ("Claim", "Claim"), ("Communication", "Message"), ("Condition", "Problem"),
        ("Coverage", "Insurance"), ("Device", "Device"), ("DiagnosticReport", "Report"),
        ("DocumentReference", "Document"), ("Encounter", "Visit"), ("EpisodeOfCare", "Episode of care"),
        ("ExplanationOfBenefit", "Insurance statement"), ("FamilyMemberHistory", "Family history"), ("Goal", "Goal"),
        ("ImagingStudy", "Imaging study"), ("Immunization", "Immunization"), ("Location", "Place"),
        ("Medication", "Medicine"), ("MedicationAdministration", "Medicine given"),
        ("MedicationDispense", "Medicine handed out"), ("MedicationRequest", "Prescription"),
        ("MedicationStatement", "Medicine taken"), ("NutritionOrder", "Diet order"), ("Observation", "Result"),
        ("Organization", "Organization"), ("Patient", "Patient"), ("Practitioner", "Practitioner"),
        ("PractitionerRole", "Practitioner’s role"), ("Procedure", "Procedure"), ("Provenance", "Origin of records"),
        ("QuestionnaireResponse", "Answers to a questionnaire"), ("RelatedPerson", "Related person"),
        ("RiskAssessment", "Risk assessment"), ("ServiceRequest", "Order"), ("Specimen", "Specimen"),
        ("SupplyDelivery", "Supplies delivered"),
    ])

    // Names that two tests could share say what they were measured in.
    private static let tests = byBytes([
        ("Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma", "ALT"),
        ("Albumin [Mass/volume] in Serum or Plasma", "Albumin"),
        ("Alkaline phosphatase [Enzymatic activity/volume] in Serum or Plasma", "Alkaline phosphatase"),
        ("Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma", "AST"),
        ("Auto Differential panel - Blood", "White cell differential"),
        ("Basophils [#/volume] in Blood by Automated count", "Basophils"),
        ("Basophils/100 leukocytes in Blood by Automated count", "Basophils, share"),
        ("Bicarbonate [Moles/volume] in Arterial blood", "Bicarbonate, arterial"),
        ("Bilirubin.total [Mass/volume] in Serum or Plasma", "Bilirubin, total"),
        ("Bilirubin.total [Presence] in Urine by Test strip", "Bilirubin in urine, test strip"),
        ("Blood pressure panel with all children optional", "Blood pressure"),
        ("Body mass index (BMI) [Percentile] Per age and gender", "Body mass index, percentile for age"),
        ("Body mass index (BMI) [Ratio]", "Body mass index"),
        ("C reactive protein [Mass/volume] in Serum or Plasma", "C-reactive protein"),
        ("Calcium [Mass/volume] in Serum or Plasma", "Calcium"),
        ("Carbon dioxide [Partial pressure] in Arterial blood", "Carbon dioxide pressure, arterial"),
        ("Carbon dioxide, total [Moles/volume] in Serum or Plasma", "Carbon dioxide, total"),
        ("Chloride [Moles/volume] in Serum or Plasma", "Chloride"),
        ("Cholesterol [Mass/volume] in Serum or Plasma", "Cholesterol, total"),
        ("Cholesterol in HDL [Mass/volume] in Serum or Plasma", "HDL cholesterol"),
        ("Cholesterol in LDL [Mass/volume] in Serum or Plasma by calculation", "LDL cholesterol, calculated"),
        ("Complete blood count (hemogram) panel - Blood by Automated count", "Complete blood count"),
        ("Comprehensive metabolic 2000 panel - Serum or Plasma", "Comprehensive metabolic panel"),
        ("Creatine kinase [Enzymatic activity/volume] in Serum or Plasma", "Creatine kinase"),
        ("Creatinine [Mass/volume] in Serum or Plasma", "Creatinine"),
        ("Eosinophils [#/volume] in Blood by Automated count", "Eosinophils"),
        ("Eosinophils/100 leukocytes in Blood by Automated count", "Eosinophils, share"),
        ("Erythrocyte distribution width [Entitic volume] by Automated count", "Red cell distribution width, volume"),
        ("Erythrocyte distribution width [Ratio] by Automated count", "Red cell distribution width"),
        ("Erythrocytes [#/volume] in Blood by Automated count", "Red blood cells"),
        ("Ferritin [Mass/volume] in Serum or Plasma", "Ferritin"),
        ("Fibrin D-dimer FEU [Mass/volume] in Platelet poor plasma", "D-dimer"),
        ("Gas panel - Arterial blood", "Blood gases, arterial"),
        ("Globulin [Mass/volume] in Serum by calculation", "Globulin, calculated"),
        (
            "Glomerular filtration rate/1.73 sq M.predicted [Volume Rate/Area] in Serum, Plasma or Blood by "
                + "Creatinine-based formula (CKD-EPI 2021)", "Estimated GFR (CKD-EPI 2021)"
        ),
        ("Glucose [Mass/volume] in Serum or Plasma", "Glucose, serum"),
        ("Glucose [Mass/volume] in Urine by Test strip", "Glucose in urine, test strip, amount"),
        ("Glucose [Presence] in Urine by Test strip", "Glucose in urine, test strip"),
        ("Hematocrit [Volume Fraction] of Blood by Automated count", "Hematocrit"),
        ("Hemoglobin A1c/Hemoglobin.total in Blood", "HbA1c"),
        ("Hemoglobin [Mass/volume] in Blood", "Hemoglobin"),
        ("Hemoglobin [Presence] in Urine by Test strip", "Hemoglobin in urine, test strip"),
        ("INR in Platelet poor plasma by Coagulation assay", "INR"),
        ("Iron [Mass/volume] in Serum or Plasma", "Iron"),
        ("Iron binding capacity [Mass/volume] in Serum or Plasma", "Iron binding capacity"),
        ("Iron saturation [Mass Fraction] in Serum or Plasma", "Iron saturation"),
        ("Ketones [Presence] in Urine by Test strip", "Ketones in urine, test strip"),
        ("Lactate [Mass/volume] in Blood", "Lactate"),
        ("Lactate dehydrogenase [Enzymatic activity/volume] in Serum or Plasma", "Lactate dehydrogenase"),
        ("Leukocyte esterase [Presence] in Urine by Test strip", "White cells in urine, test strip"),
        ("Leukocytes [#/volume] in Blood by Automated count", "White blood cells"),
        ("Lipid 1996 panel - Serum or Plasma", "Lipids"),
        ("Lymphocytes [#/volume] in Blood by Automated count", "Lymphocytes"),
        ("Lymphocytes/100 leukocytes in Blood by Automated count", "Lymphocytes, share"),
        ("MCH [Entitic mass] by Automated count", "MCH"), ("MCHC [Mass/volume] by Automated count", "MCHC"),
        ("MCV [Entitic volume] by Automated count", "MCV"),
        ("Magnesium [Mass/volume] in Serum or Plasma", "Magnesium"),
        ("Monocytes [#/volume] in Blood by Automated count", "Monocytes"),
        ("Monocytes/100 leukocytes in Blood by Automated count", "Monocytes, share"),
        ("Neutrophils [#/volume] in Blood by Automated count", "Neutrophils"),
        ("Neutrophils/100 leukocytes in Blood by Automated count", "Neutrophils, share"),
        ("Nitrite [Presence] in Urine by Test strip", "Nitrite in urine, test strip"),
        ("Oxygen [Partial pressure] in Arterial blood", "Oxygen pressure, arterial"),
        ("Oxygen saturation in Arterial blood", "Oxygen saturation, arterial"),
        ("Oxygen saturation in Arterial blood by Pulse oximetry", "Oxygen saturation, pulse oximetry"),
        ("PT panel - Platelet poor plasma by Coagulation assay", "Prothrombin time and INR"),
        ("Pain severity - 0-10 verbal numeric rating [Score] - Reported", "Pain, 0 to 10"),
        ("Platelet distribution width [Entitic volume] in Blood by Automated count", "Platelet distribution width"),
        ("Platelet mean volume [Entitic volume] in Blood by Automated count", "Mean platelet volume"),
        ("Platelets [#/volume] in Blood by Automated count", "Platelets"),
        ("Potassium [Moles/volume] in Serum or Plasma", "Potassium"),
        ("Procalcitonin [Mass/volume] in Serum or Plasma", "Procalcitonin"),
        ("Protein [Mass/volume] in Serum or Plasma", "Protein, total"),
        ("Protein [Mass/volume] in Urine by Test strip", "Protein in urine, test strip, amount"),
        ("Protein [Presence] in Urine by Test strip", "Protein in urine, test strip"),
        ("Sodium [Moles/volume] in Serum or Plasma", "Sodium"),
        ("Specific gravity of Urine by Test strip", "Specific gravity of urine, test strip"),
        ("Tobacco smoking status NHIS", "Smoking"),
        ("Triglyceride [Mass/volume] in Serum or Plasma", "Triglycerides"),
        (
            "Troponin I.cardiac [Mass/volume] in Serum or Plasma by High sensitivity method",
            "Troponin I, high sensitivity"
        ),
        ("Urea nitrogen [Mass/volume] in Serum or Plasma", "Urea nitrogen"),
        ("pH of Arterial blood", "pH, arterial"), ("pH of Urine by Test strip", "pH of urine, test strip"),
    ])

    private static func byBytes(_ pairs: [(name: String, words: String)]) -> [[UInt8]: String] {
        Dictionary(pairs.map { (Array($0.name.utf8), $0.words) }) { first, _ in first }
    }
}
