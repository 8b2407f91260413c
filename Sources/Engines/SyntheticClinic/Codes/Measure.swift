// SPDX-License-Identifier: Apache-2.0

/// Something that is measured: its LOINC code, its UCUM unit and the precision in which it is reported.
struct Measure: Equatable {
    let coding: Coding
    /// The unit as people write it and as UCUM codes it.
    let unit: String
    let ucum: String
    let decimals: Int
    let isLaboratory: Bool

    private init(
        _ code: String, _ display: String, _ ucum: String, unit: String? = nil, decimals: Int = 0, lab: Bool = false
    ) {
        coding = .loinc(code, display)
        (self.unit, self.ucum, self.decimals, isLaboratory) = (unit ?? ucum, ucum, decimals, lab)
    }

    static let systolic = Measure("8480-6", "Systolic blood pressure", "mm[Hg]", unit: "mmHg")
    static let diastolic = Measure("8462-4", "Diastolic blood pressure", "mm[Hg]", unit: "mmHg")
    static let heartRate = Measure("8867-4", "Heart rate", "/min", unit: "beats/minute")
    static let weight = Measure("29463-7", "Body weight", "kg", decimals: 1)
    static let height = Measure("8302-2", "Body height", "cm", decimals: 1)
    static let bodyMassIndex = Measure("39156-5", "Body mass index (BMI) [Ratio]", "kg/m2", decimals: 1)
    static let temperature = Measure("8310-5", "Body temperature", "Cel", unit: "°C", decimals: 1)
    static let hba1c = Measure(
        "4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%", decimals: 1, lab: true)
    static let ldl = Measure(
        "13457-7", "Cholesterol in LDL [Mass/volume] in Serum or Plasma by calculation", "mg/dL", lab: true)
    static let hdl = Measure("2085-9", "Cholesterol in HDL [Mass/volume] in Serum or Plasma", "mg/dL", lab: true)
    static let cholesterol = Measure("2093-3", "Cholesterol [Mass/volume] in Serum or Plasma", "mg/dL", lab: true)
    static let triglycerides = Measure("2571-8", "Triglyceride [Mass/volume] in Serum or Plasma", "mg/dL", lab: true)
    static let creatinine = Measure(
        "2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL", decimals: 2, lab: true)
    static let filtrationRate = Measure(
        "98979-8",
        "Glomerular filtration rate/1.73 sq M.predicted [Volume Rate/Area] in Serum, Plasma or Blood "
            + "by Creatinine-based formula (CKD-EPI 2021)",
        "mL/min/{1.73_m2}", unit: "mL/min/1.73 m²", lab: true)

    static let bloodPressurePanel = Coding.loinc("85354-9", "Blood pressure panel with all children optional")
    static let lipidPanel = Coding.loinc("24331-1", "Lipid 1996 panel - Serum or Plasma")
}

/// One value of a measure, in units of the measure's last decimal, with the range in which healthy people lie.
struct Reading {
    let measure: Measure
    let units: Int
    let low: Int?
    let high: Int?

    init(_ measure: Measure, _ units: Int, low: Int? = nil, high: Int? = nil) {
        (self.measure, self.units, self.low, self.high) = (measure, units, low, high)
    }
}
