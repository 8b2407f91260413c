// SPDX-License-Identifier: Apache-2.0

import Codecs
import FHIRBundle

/// What chart pages read of resources. Nothing is computed here that is not written there.
extension ChartRecord {
    /// Whether it is no allergy but the statement that none is known: SNOMED CT, of any kind, of drugs, of food, of
    /// insects, of latex, of the environment.
    var saysNoneKnown: Bool {
        let none = ["716186003", "409137002", "429625007", "428197003", "1003774007", "428607008"]
        let codings = root["code"].map { CodeableConcept($0).codings } ?? []
        return codings.contains { coding in none.contains { Array($0.utf8) == Array((coding.code ?? "").utf8) } }
    }

    /// The words for what it is about: its code, its vaccine, its medicine, or its type of document.
    var title: String {
        let names = ["code", "vaccineCode", "medicationCodeableConcept", "type", "category", "class"]
        for name in names {
            guard let node = root[name] else { continue }
            let concept = node.kind == .array ? node[0] : node
            if let words = concept.flatMap({ CodeableConcept($0).display }) { return PlainWords.test(words) }
        }
        return PlainWords.type(stored.type)
    }

    /// When it was, by the element that R4 has for that in its type.
    var time: ClinicalTime? {
        .first(
            of: root, "effectiveDateTime", "effectivePeriod", "onsetDateTime", "onsetPeriod", "occurrenceDateTime",
            "performedDateTime", "performedPeriod", "authoredOn", "period", "date", "created", "issued", "started",
            "recordedDate", "recorded", "billablePeriod")
    }

    /// The code of a status: of an element of type code, or of the first coding of a concept.
    func status(_ name: String = "status") -> String? {
        guard let node = root[name] else { return nil }
        return node.string ?? node.at("coding", 0, "code")?.string
    }

    /// Whether it was entered by mistake and must not count.
    var isMistake: Bool {
        status() == "entered-in-error" || status("verificationStatus") == "entered-in-error"
    }

    /// Whether a condition or allergy is still there.
    var isActive: Bool {
        guard !isMistake, status("verificationStatus") != "refuted" else { return false }
        let clinical = status("clinicalStatus")
        return ["active", "recurrence", "relapse"].contains(clinical ?? "active") && root["abatementDateTime"] == nil
    }

    /// Whether a medication is being taken.
    var isCurrentMedication: Bool {
        ["active", "on-hold"].contains(status() ?? "")
    }

    /// The medicine's name.
    func medicine(_ names: ReferenceNames) -> String {
        root["medicationCodeableConcept"].flatMap { CodeableConcept($0).display }
            ?? names.words(root["medicationReference"]) ?? "Medication without a name"
    }

    /// How it is to be taken, as it is written.
    var dosage: String {
        let instructions = (root["dosageInstruction"] ?? root["dosage"])?.elements.compactMap { $0["text"]?.string }
        return instructions?.joined(separator: "; ") ?? ""
    }

    /// Whether it has this code among its categories.
    func isCategory(_ code: String) -> Bool {
        root["category"]?.elements.contains { category in
            category["coding"]?.elements.contains { $0["code"]?.means(code) ?? false } ?? false
        } ?? false
    }
}

extension Sequence<ChartRecord> {
    /// The newest first; those without a time last.
    func newestFirst() -> [ChartRecord] {
        map { (order: $0.time?.order ?? .min, record: $0) }.sorted { $0.order > $1.order }.map(\.record)
    }
}
