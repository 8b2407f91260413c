// SPDX-License-Identifier: Apache-2.0

import Codecs
import FHIRBundle
import Kernel
import Web

/// A page of a chart: who it is, what to beware of, the tabs, and what the tab shows.
struct ChartPage: Component {
    let chart: Chart
    let today: PartialDate?
    /// That it is open because of an emergency; nil where it is not.
    var emergency: EmergencyBand? = nil

    var html: HTML {
        """
        \(Breadcrumb([Link("Patients", to: "/records")], current: chart.card.label(for: chart.patient)))\(emergency)\
        \(head)\(DamageList(chart.damaged))\(TabBar(label: "Chart", tabs))\(chart.inEmergency.map(EmergencyOffer.init)?.html)\(content)\(Remarks(chart.remarks))
        """
    }

    private var head: PatientHead {
        PatientHead(
            patient: chart.patient, card: chart.card, allergies: chart.all("AllergyIntolerance"),
            damaged: chart.damaged, today: today, time: chart.localTime)
    }

    private var tabs: [TabBar.Tab] {
        ChartSection.tabs.map { section in
            let count = section.countedTypes.reduce(0) { sum, type in
                sum + Int(chart.counts.first { $0.type == type }?.count ?? 0)
            }
            return TabBar.Tab(
                section.title, path: "/records/\(chart.patient)?section=\(section.rawValue)",
                isCurrent: section == chart.section, count: section.countedTypes.isEmpty ? nil : count)
        }
    }

    private var content: HTML {
        let tables = ChartTables(chart: chart)
        switch chart.section {
        case .summary: return SummaryTab(chart: chart, tables: tables).html
        case .problems: return tables.problems(chart.all("Condition").newestFirst())
        case .medications: return tables.medications(chart.medications.newestFirst())
        case .allergies: return tables.allergies(chart.all("AllergyIntolerance").newestFirst())
        case .results: return ResultsTab(chart: chart).html
        case .encounters: return tables.visits(chart.all("Encounter").newestFirst())
        case .immunizations: return tables.immunizations(chart.all("Immunization").newestFirst())
        case .documents, .export: return OtherTab(chart: chart).html
        }
    }
}

/// Says at the end of a chart what this view leaves out, whether or not there is any of it.
struct Remarks: Component {
    private let remarks: [String]

    init(_ remarks: [String]) {
        self.remarks = remarks
    }

    var html: HTML {
        let lines: [HTML] = remarks.map { "<p class=\"note\">\($0)</p>" }
        return lines.isEmpty ? "" : "<div class=\"section\">\(lines)</div>"
    }
}

extension ChartSection {
    /// The types whose records the tab counts.
    fileprivate var countedTypes: [String] {
        switch self {
        case .summary, .documents, .export: []
        case .allergies: ["AllergyIntolerance"]
        default: types
        }
    }
}

extension Chart {
    /// What was prescribed and what the patient says to take.
    var medications: [ChartRecord] {
        all("MedicationRequest") + all("MedicationStatement")
    }

    /// A link to the record as it was taken in.
    func link(_ title: String, to record: ChartRecord) -> HTML {
        Link(title, to: "/records/\(patient)/\(record.stored.id)").html
    }
}
