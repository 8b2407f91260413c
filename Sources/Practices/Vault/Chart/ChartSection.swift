// SPDX-License-Identifier: Apache-2.0

/// A page of the chart. The raw value stands in addresses and in the evidence log: on disk for ever.
package enum ChartSection: String, Sendable, CaseIterable {
    case summary
    case problems
    case medications
    case allergies
    case results
    case encounters
    case immunizations
    case documents
    /// Everything, as other programs read it.
    case export

    /// The pages that have a tab.
    static let tabs = allCases.filter { $0 != .export }

    /// Its name in the clinic's words.
    var title: String {
        switch self {
        case .summary: "Summary"
        case .problems: "Problems"
        case .medications: "Medications"
        case .allergies: "Allergies"
        case .results: "Results"
        case .encounters: "Visits"
        case .immunizations: "Immunizations"
        case .documents: "All records"
        case .export: "Everything"
        }
    }

    /// The types that are read for it, where `listing` is the type that was asked for; nil for all.
    func typesRead(listing type: String?) -> [String]? {
        if self == .export { return type.map { [$0] } }
        return types + (self == .documents ? [type].compactMap { $0 } : []) + ["AllergyIntolerance"]
    }

    /// The resource types that are read for it, besides the allergies that every page warns of.
    var types: [String] {
        switch self {
        case .summary: ["Condition", "MedicationRequest", "MedicationStatement", "Observation"]
        case .problems: ["Condition"]
        case .medications: ["MedicationRequest", "MedicationStatement"]
        case .allergies: []
        case .results: ["Observation"]
        case .encounters: ["Encounter"]
        case .immunizations: ["Immunization"]
        case .documents, .export: []
        }
    }
}
