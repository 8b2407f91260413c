// SPDX-License-Identifier: Apache-2.0

import Kernel

/// Every measure of the house as a table of the reference.
enum MeasureTable {
    /// The table in Markdown, in the order of the practices; the platform's own measures last.
    static var text: String {
        let lines = Practices.measures.sorted { place($0) < place($1) }.map(line)
        return """
            | measure | practice | met when | what is counted | believed for | must be measured | target | answers |
            |---|---|---|---|---|---|---|---|
            \(lines.joined(separator: "\n"))
            """
    }

    private static func place(_ measure: Measure) -> (Int, String) {
        (measure.practice?.number ?? 11, measure.id)
    }

    private static func line(_ measure: Measure) -> String {
        let cells = [
            "`\(measure.id)`", measure.practice?.title ?? "the evidence itself", measure.title,
            measure.population + (measure.populationIsIndependent ? "" : " *"), hours(measure.maximumAge),
            percent(measure.minimumCoverage), percent(measure.target), measure.rules.joined(separator: ", "),
        ]
        return "| \(cells.joined(separator: " | ")) |"
    }

    private static func hours(_ age: Duration) -> String {
        let hours = age.components.seconds / 3_600
        return hours == 1 ? "1 hour" : "\(hours) hours"
    }

    private static func percent(_ share: Double) -> String {
        share == 1 ? "all" : "\(Int((share * 100).rounded())) %"
    }
}
