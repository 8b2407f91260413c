// SPDX-License-Identifier: Apache-2.0

import Web

/// What to know before seeing the patient: what is active now, and the newest vital signs.
struct SummaryTab: Component {
    let chart: Chart
    let tables: ChartTables

    var html: HTML {
        let problems = chart.all("Condition").filter(\.isActive).newestFirst()
        let medications = chart.medications.filter(\.isCurrentMedication).newestFirst()
        let allergies = chart.all("AllergyIntolerance").filter(\.isActive)
        return """
            <div class="chart-summary"><div>\(tables.activeProblems(problems))\(tables.allergies(allergies))</div>\
            <div>\(tables.currentMedications(medications))\(VitalSigns(chart: chart))</div></div>
            """
    }
}
