// SPDX-License-Identifier: Apache-2.0

/// A code of a public terminology with the words it stands for.
struct Coding: Equatable {
    let system: String
    let code: String
    let display: String
    /// Whether the code belongs to HL7's own systems, which steer programs rather than inform people.
    var isInternal = false

    static func snomed(_ code: String, _ display: String) -> Coding {
        Coding(system: "http://snomed.info/sct", code: code, display: display)
    }

    static func rxNorm(_ code: String, _ display: String) -> Coding {
        Coding(system: "http://www.nlm.nih.gov/research/umls/rxnorm", code: code, display: display)
    }

    static func loinc(_ code: String, _ display: String) -> Coding {
        Coding(system: "http://loinc.org", code: code, display: display)
    }

    static func cvx(_ code: String, _ display: String) -> Coding {
        Coding(system: "http://hl7.org/fhir/sid/cvx", code: code, display: display)
    }

    /// A code of an HL7 code system, given by the last part of its address.
    static func hl7(_ codeSystem: String, _ code: String, _ display: String) -> Coding {
        let system = "http://terminology.hl7.org/CodeSystem/" + codeSystem
        return Coding(system: system, code: code, display: display, isInternal: true)
    }

    /// The code as FHIR's Coding.
    var json: JSON {
        ["system": .text(system), "code": .text(code), "display": .text(display)]
    }

    /// The code as FHIR's CodeableConcept; HL7's own codes go without the text, which would say nothing new.
    var concept: JSON {
        ["coding": [json], "text": isInternal ? .absent : .text(display)]
    }
}
