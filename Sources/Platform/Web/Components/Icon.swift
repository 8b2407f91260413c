// SPDX-License-Identifier: Apache-2.0

/// Small drawings in the text's colour. They never stand without a word beside them and are hidden from readers.
package enum Icon: Sendable, CaseIterable, Component {
    case met, partial, notMet, unknown
    case info, warning, danger
    case menu, copy, search, arrow, lock

    /// The drawing, 16 by 16.
    package var html: HTML { Self.finished[self] ?? complete }

    /// A long table shows the same few icons hundreds of times.
    private static let finished = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.complete) })

    private var complete: HTML {
        """
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" \
        stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">\
        \(drawing)</svg>
        """
    }

    private var drawing: HTML {
        switch self {
        case .met, .partial, .notMet, .unknown: stateDrawing
        case .info, .warning, .danger: noticeDrawing
        case .menu: "<path d=\"M2 4h12M2 8h12M2 12h12\"/>"
        case .copy: "<rect x=\"5.5\" y=\"5.5\" width=\"8\" height=\"8\" rx=\"1\"/><path d=\"M10.5 2.5h-8v8\"/>"
        case .search: "<circle cx=\"7\" cy=\"7\" r=\"4.5\"/><path d=\"m10.5 10.5 3.5 3.5\"/>"
        case .arrow: "<path d=\"M3 8h10M9 4l4 4-4 4\"/>"
        case .lock: "<rect x=\"3\" y=\"7\" width=\"10\" height=\"7\" rx=\"1\"/><path d=\"M5 7V5a3 3 0 0 1 6 0v2\"/>"
        }
    }

    private var stateDrawing: HTML {
        switch self {
        case .met:
            """
            <circle cx="8" cy="8" r="7" fill="currentColor" stroke="none"/>\
            <path class="icon-cut" d="m4.7 8.3 2.3 2.3 4.3-4.9" stroke-width="1.7"/>
            """
        case .partial:
            """
            <circle cx="8" cy="8" r="6.25"/>\
            <path d="M8 1.75a6.25 6.25 0 0 1 0 12.5z" fill="currentColor" stroke="none"/>
            """
        case .notMet:
            """
            <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor" stroke="none"/>\
            <path class="icon-cut" d="m5.5 5.5 5 5m0-5-5 5" stroke-width="1.7"/>
            """
        default:
            """
            <circle cx="8" cy="8" r="6.25" stroke-dasharray="2.2 2.2"/>\
            <path d="M6.4 6.4a1.65 1.65 0 1 1 2.5 1.45c-.6.35-.9.7-.9 1.2M8 11.3v.05"/>
            """
        }
    }

    private var noticeDrawing: HTML {
        switch self {
        case .warning: "<path d=\"M8 2 15 14H1zM8 6.5v3.5M8 12v.05\"/>"
        case .danger: "<path d=\"M5 1h6l4 4v6l-4 4H5l-4-4V5zM8 4.5v4.5M8 11.3v.05\"/>"
        default: "<circle cx=\"8\" cy=\"8\" r=\"6.25\"/><path d=\"M8 7.5v4M8 4.7v.05\"/>"
        }
    }
}
