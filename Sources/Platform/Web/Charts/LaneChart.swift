// SPDX-License-Identifier: Apache-2.0

/// Lanes below each other, each with its name, a drawing and a figure: bars that compare shares, or marks in time.
///
/// Names and figures are text, so that they stay readable on a phone; the drawing repeats them.
package struct LaneChart: Component {
    /// One lane.
    package struct Lane: Sendable {
        let label: HTML
        let drawing: Drawing
        let figure: String

        /// A lane with its name, its drawing and what the drawing says.
        package init(_ label: HTML, _ drawing: Drawing, figure: String) {
            self.label = label
            self.drawing = drawing
            self.figure = figure
        }
    }

    /// What is drawn in a lane; all figures lie from 0 to 1, and others are moved to the nearer end.
    package enum Drawing: Sendable {
        /// How much of the whole it is.
        case share(Double)
        /// When something happened, 0 being the beginning of the time that is shown.
        case marks([Double])
    }

    /// What is shown.
    package let label: String
    /// The lanes, first one on top.
    package let lanes: [Lane]
    /// What stands under the left and the right end, for marks in time.
    package let ends: (left: HTML, right: HTML)?

    /// Lanes below each other.
    package init(_ label: String, _ lanes: [Lane], ends: (left: HTML, right: HTML)? = nil) {
        self.label = label
        self.lanes = lanes
        self.ends = ends
    }

    private static let width = 400.0

    /// The chart.
    package var html: HTML {
        let scale: HTML? = ends.map { ends in
            "<div class=\"lane-ends\" aria-hidden=\"true\"><span>\(ends.left)</span><span>\(ends.right)</span></div>"
        }
        return """
            <figure class="lanes"><figcaption>\(label)</figcaption><ul>\(lanes.map(item))</ul>\(scale)</figure>
            """
    }

    private func item(_ lane: Lane) -> HTML {
        """
        <li><span class="lane-label">\(lane.label)</span><svg class="lane" viewBox="0 0 400 16" \
        preserveAspectRatio="none" aria-hidden="true" focusable="false">\
        <path class="chart-axis" d="M0 15.5H400"/>\(Self.draw(lane.drawing))</svg>\
        <span class="lane-figure">\(lane.figure)</span></li>
        """
    }

    private static func draw(_ drawing: Drawing) -> HTML {
        switch drawing {
        case .share(let share):
            // Anything but nothing is visible.
            let length = share > 0 ? max(Self.place(share), 2) : 0
            return "<rect class=\"lane-bar\" y=\"3\" width=\"\(length)\" height=\"10\"/>"
        case .marks(let moments):
            let path = Set(moments.map(Self.place)).sorted().map { "M\($0) 2V14" }.joined()
            return "<path class=\"lane-mark\" d=\"\(path)\"/>"
        }
    }

    /// A whole place from 0 to the width, in which a mark is not cut off.
    private static func place(_ part: Double) -> Int {
        guard part.isFinite else { return 1 }
        return Int((min(max(part, 0), 1) * (width - 2)).rounded()) + 1
    }
}
