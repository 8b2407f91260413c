// SPDX-License-Identifier: Apache-2.0

import Codecs
import Kernel
import Web

/// Whose chart this is, and what to beware of: the head of every page of a chart and of every record in it.
struct PatientHead: Component {
    let patient: Identifier<Patient>
    let card: SearchCard
    let allergies: [ChartRecord]
    /// What belongs here and does not open.
    let damaged: [DamagedRecord]
    let today: PartialDate?
    let time: LocalTime

    var html: HTML {
        var identifiers: [(term: String, value: String)] = []
        if let age = card.age(on: today) {
            identifiers.append((card.isDeceased ? "Age at death" : "Age", "\(age)"))
        }
        if let number = card.recordNumber { identifiers.append(("Record number", number)) }
        if allergies.contains(where: { $0.isActive && $0.saysNoneKnown }) {
            identifiers.append(("Allergies", "none known"))
        }
        let isNameless = card.hidden.contains(.name) && !card.isDamaged
        if isNameless { identifiers.append(("Name", "Names are hidden from your role")) }
        let names = [card.family, card.given].filter { !$0.isEmpty }
        let birthDate = card.isDamaged ? "not readable" : card.hidden.contains(.birthDate) ? "hidden" : "unknown"
        return PatientBanner(
            familyName: names.first ?? card.label(for: patient), givenName: names.count > 1 ? card.given : "",
            birthDate: card.birthDate.isEmpty ? birthDate : card.birthDate, sex: card.sexWord,
            identifiers: identifiers, alerts: alerts
        ).html
    }

    private var alerts: [String] {
        let mark = card.mark(in: time).map { [$0.prefix(1).uppercased() + $0.dropFirst()] } ?? []
        let warnings = allergies.filter { $0.isActive && !$0.saysNoneKnown }
        let nameless =
            card.isDamaged ? ["Name and birth date do not open. Make sure in another way whose chart this is."] : []
        let unopened = damaged.count
        let missing = unopened == 1 ? "1 record does not open" : "\(unopened) records do not open"
        let damage = unopened == 0 ? [] : ["Not complete: \(missing). Do not rely on what is missing here."]
        return mark + nameless + damage + warnings.map { "Allergy: \($0.title)" }
    }
}
