// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Web

@Suite("Charts")
struct ChartTests {
    static let charts: [HTML] = [
        CoverageBar(met: 1, of: 3, unmeasured: 1, noun: "devices").html,
        Sparkline([1, 2, 3], label: "Sign-ins").html,
        TrendBand([.met, .notMet], label: "Patching").html,
    ]

    @Test("each has a role, a title and a description", arguments: charts)
    func titles(chart: HTML) {
        let text = chart.renderString()
        #expect(text.contains("role=\"img\""))
        #expect(text.contains("<title>"))
        #expect(text.contains("<desc>"))
    }

    @Test("coverage draws three segments that differ by filling")
    func coverage() {
        let text = CoverageBar(met: 5, of: 10, unmeasured: 3, noun: "devices").html.renderString()
        #expect(text.contains("<rect class=\"fill-met\" width=\"80\""))
        #expect(text.contains("<rect class=\"stroke-not-met\" x=\"81\" y=\"1\" width=\"30\""))
        #expect(text.contains("stroke-unknown"))
        #expect(text.contains("5 of 10 devices, 3\u{A0}not\u{A0}measured"))
    }

    @Test("nothing of nothing is unknown, not full")
    func nothing() {
        let text = CoverageBar(met: 0, of: 0, noun: "devices").html.renderString()
        #expect(!text.contains("fill-met"))
        #expect(text.contains("stroke-unknown"))
    }

    @Test("one of very many short of all does not look like all")
    func almost() {
        let text = CoverageBar(met: 99_999, of: 100_000, noun: "records").html.renderString()
        #expect(!text.contains("width=\"160\" height=\"10\"/>"))
        #expect(text.contains("stroke-not-met"))
    }

    @Test(
        "figures that contradict each other are cut down",
        arguments: [(-1, 10, 3), (12, 10, 3), (5, -2, 1), (Int.max, Int.max, Int.max), (Int.min, Int.min, Int.min)])
    func contradictions(met: Int, total: Int, unmeasured: Int) {
        let bar = CoverageBar(met: met, of: total, unmeasured: unmeasured, noun: "devices")
        #expect(bar.met >= 0 && bar.met <= bar.total)
        #expect(bar.unmeasured >= 0 && bar.unmeasured <= bar.total - bar.met)
        #expect(!bar.html.isEmpty)
    }

    @Test("a gap in a sparkline breaks the line")
    func gap() {
        let text = Sparkline([1, 2, nil, 4, 5], label: "x").html.renderString()
        #expect(text.ranges(of: "M").count == 3)  // two pieces and the axis
        #expect(text.contains("1 of 5 not measured"))
    }

    @Test("sparklines take any figures", arguments: [[], [nil], [7], [Int.min, Int.max], [0, 0, 0]] as [[Int?]])
    func extremes(values: [Int?]) {
        let text = Sparkline(values, label: "x").html.renderString()
        #expect(!text.contains("nan"))
        #expect(!text.contains("inf"))
    }

    @Test("a day that was not measured is dotted and never drawn as met")
    func unknownDay() {
        let text = TrendBand([.unknown, .unknown], label: "x").html.renderString()
        #expect(!text.contains("fill-met"))
        #expect(text.contains("stroke-unknown-dotted"))
        #expect(text.contains("not measured: 2"))
    }

    @Test("lanes say in text what they draw, and keep every mark inside")
    func lanes() {
        let chart = LaneChart(
            "Readings",
            [
                .init("Ada", .marks([0, 0.5, 1, 2, .nan]), figure: "5 times"),
                .init("<b>", .share(0.5), figure: "1 of 2"),
                .init("Ben", .share(0), figure: "none"),
            ], ends: ("Monday", "Friday"))
        let text = chart.html.renderString()
        #expect(text.contains("d=\"M1 2V14M200 2V14M399 2V14\""))
        #expect(text.contains("<rect class=\"lane-bar\" y=\"3\" width=\"200\" height=\"10\"/>"))
        #expect(text.contains("width=\"0\"") && text.contains("5 times") && text.contains("Monday"))
        #expect(text.contains("<figcaption>Readings</figcaption>"))
    }

    @Test("nothing known is a gap, never a line at zero")
    func shareGaps() {
        let days: [ShareChart.Day] = [.init(1, .met), .init(nil, .unknown), .init(0.5, .notMet), .init(.nan, .notMet)]
        let text = ShareChart(days, target: 1, label: "Share").html.renderString()
        #expect(text.contains("chart-gap"))
        #expect(text.contains("class=\"chart-line\" d=\"M44 10H213M382 65H551V120H720\""))
        #expect(text.contains("band is-met") && text.contains("band is-not-met"))
    }

    @Test("stacked columns reach the whole, and what is not measured is never drawn as met")
    func columns() {
        let text = StateColumns([[.met: 4, .unknown: 6], [.unknown: 10]], label: "Practices").html.renderString()
        #expect(text.contains("column is-met"))
        #expect(text.contains("column is-unknown"))
        #expect(!text.contains("column is-partial"))
        let none = StateColumns([[.unknown: 10]], label: "Practices").html.renderString()
        #expect(!none.contains("column is-met"))
        #expect(!StateColumns([], label: "Practices").html.renderString().contains("column is"))
    }

    @Test("every chart with axes brings its figures as a table")
    func figure() {
        let table = DataTable(caption: "Figures", columns: [.init("Day"), .init("Share")], rows: [["today", "50 %"]])
        let text = ChartFigure("Share", drawing: "<svg></svg>", ends: ("then", "now"), table: table).html.renderString()
        #expect(text.contains("<figcaption>Share</figcaption>"))
        #expect(text.contains("<summary>Show the figures</summary>") && text.contains("50 %"))
    }
}
