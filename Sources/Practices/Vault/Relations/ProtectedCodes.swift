// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel

/// Which records belong to a class that the law protects beyond all others.
///
/// First of all by their own security labels (`meta.security`, HL7 v3 ActCode), which is how a clinic says it itself;
/// then by a small table of codes, wherever one stands in a record: a visit or an invoice tells as much as a diagnosis.
/// The table is a beginning that the clinic's own labels complete, not a list of everything that is sensitive.
enum ProtectedCodes {
    /// Types that are never of a class: who the patient is stands in every chart, and care needs every allergy.
    static let exempt = ["AllergyIntolerance", "Patient"]

    /// The classes of a resource.
    static func classes(of resource: JSONNode) -> Set<ProtectedClass> {
        if exempt.contains(where: { resource["resourceType"]?.means($0) ?? false }) { return [] }
        var classes: Set<ProtectedClass> = []
        // A Bundle, and what is contained, bring labels and codes of their own.
        for list in resource.values(named: "security") {
            for label in list.elements { classes.formUnion(self.classes(label: label)) }
        }
        for code in resource.codings { classes.formUnion(self.classes(code.system, code.code)) }
        return classes
    }

    /// The classes of what lies inside a resource that is never of a class itself.
    static func classes(inside resource: JSONNode) -> Set<ProtectedClass> {
        guard exempt.contains(where: { resource["resourceType"]?.means($0) ?? false }) else { return [] }
        return resource.values(named: "contained").reduce(into: []) { classes, list in
            for inside in list.kind == .array ? Array(list.elements) : [list] {
                classes.formUnion(self.classes(of: inside))
            }
        }
    }

    private static func classes(label: JSONNode) -> [ProtectedClass] {
        // A label without a system, or with the address of an older FHIR, is meant all the same.
        let system = label["system"]?.string ?? ""
        guard let code = label["code"]?.utf8, system.isEmpty || isActCode(system) else { return [] }
        return labels[code] ?? []
    }

    private static func isActCode(_ system: String) -> Bool {
        ["ActCode", "2.16.840.1.113883.5.4"].contains { system.utf8.reversed().starts(with: $0.utf8.reversed()) }
    }

    private static func classes(_ system: [UInt8], _ code: [UInt8]) -> [ProtectedClass] {
        if snomed.contains(system) { return conditions[code].map { [$0] } ?? [] }
        if loinc.contains(system) { return tests[code].map { [$0] } ?? [] }
        guard isDiagnosis(system) else { return [] }
        return diagnoses.filter { code.starts(with: $0.prefix) }.map(\.protected)
    }

    /// The systems of ICD-10: of the WHO, of the United States, of Germany.
    private static func isDiagnosis(_ system: [UInt8]) -> Bool {
        diagnosisOIDs.contains(system)
            || String(decoding: system, as: UTF8.self).split(separator: "/").contains { $0.hasPrefix("icd-10") }
    }

    // Records that came from CDA documents name the systems by their object identifiers.
    private static let snomed = ["http://snomed.info/sct", "urn:oid:2.16.840.1.113883.6.96"].map { Array($0.utf8) }
    private static let loinc = ["http://loinc.org", "urn:oid:2.16.840.1.113883.6.1"].map { Array($0.utf8) }
    private static let diagnosisOIDs = [
        "urn:oid:2.16.840.1.113883.6.90", "urn:oid:2.16.840.1.113883.6.3", "urn:oid:1.2.276.0.76.5.409",
    ].map { Array($0.utf8) }

    /// v3 ActCode, ActInformationSensitivityPolicy. Behavioral health is the roof over mental health and substance use.
    private static let labels: [[UInt8]: [ProtectedClass]] = byBytes([
        ("BH", [.psychotherapy, .substanceUse]), ("MH", [.psychotherapy]), ("PSY", [.psychotherapy]),
        ("PSYTHPN", [.psychotherapy]), ("HIV", [.hiv]), ("SUD", [.substanceUse]), ("ETH", [.substanceUse]),
        ("ETHUD", [.substanceUse]), ("OPIOIDUD", [.substanceUse]), ("ALC", [.substanceUse]),
        ("42CFRPart2", [.substanceUse]),
    ])

    /// SNOMED CT.
    private static let conditions: [[UInt8]: ProtectedClass] = byBytes([
        ("86406008", .hiv),  // Human immunodeficiency virus infection
        ("62479008", .hiv),  // Acquired immune deficiency syndrome
        ("91947003", .hiv),  // Asymptomatic HIV infection
        ("165816005", .hiv),  // HIV positive
        ("66590003", .substanceUse),  // Alcohol dependence
        ("7200002", .substanceUse),  // Alcoholism
        ("15167005", .substanceUse),  // Alcohol abuse
        ("75544000", .substanceUse),  // Opioid dependence
        ("5602001", .substanceUse),  // Opioid abuse
        ("191816009", .substanceUse),  // Drug dependence
        ("6525002", .substanceUse),  // Dependent drug abuse
        ("26416006", .substanceUse),  // Drug abuse
        ("31956009", .substanceUse),  // Cocaine dependence
        ("85005007", .substanceUse),  // Cannabis dependence
    ])

    /// LOINC.
    private static let tests: [[UInt8]: ProtectedClass] = byBytes([
        ("75622-1", .hiv),  // HIV 1 and 2 tests, meaningful use set
        ("56888-1", .hiv),  // HIV 1+2 antibody and HIV 1 p24 antigen, immunoassay
        ("31201-7", .hiv),  // HIV 1+2 antibody, immunoassay
        ("29893-5", .hiv),  // HIV 1 antibody, immunoassay
        ("7917-8", .hiv),  // HIV 1 antibody
        ("68961-2", .hiv),  // HIV 1 antibody, rapid immunoassay
        ("20447-9", .hiv),  // HIV 1 RNA, viral load
        ("25836-8", .hiv),  // HIV 1 RNA, viral load
        ("11510-5", .psychotherapy),  // Psychology progress note
        ("34785-6", .psychotherapy),  // Mental health consultation note
    ])

    /// ICD-10: HIV disease and its laboratory evidence; disorders due to alcohol and drugs, but for tobacco (F17).
    private static let diagnoses: [(prefix: [UInt8], protected: ProtectedClass)] =
        ["B20", "B21", "B22", "B23", "B24", "R75", "Z21", "O98.7"].map { (Array($0.utf8), .hiv) }
        + ["F10", "F11", "F12", "F13", "F14", "F15", "F16", "F18", "F19"].map { (Array($0.utf8), .substanceUse) }

    private static func byBytes<Value>(_ pairs: [(code: String, value: Value)]) -> [[UInt8]: Value] {
        Dictionary(pairs.map { (Array($0.code.utf8), $0.value) }) { first, _ in first }
    }
}

extension JSONNode {
    /// The system and code of each Coding, here and in everything inside.
    fileprivate var codings: [(system: [UInt8], code: [UInt8])] {
        var found: [(system: [UInt8], code: [UInt8])] = []
        var open = [self]
        while let node = open.popLast() {
            if let code = node["code"]?.utf8, let system = node["system"]?.utf8 { found.append((system, code)) }
            for (_, value) in node.members where value.kind == .object || value.kind == .array { open.append(value) }
            for element in node.elements where element.kind == .object || element.kind == .array {
                open.append(element)
            }
        }
        return found
    }
}
