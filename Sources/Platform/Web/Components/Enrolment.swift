// SPDX-License-Identifier: Apache-2.0

/// The words that open the vault again, numbered, to be written down on paper.
package struct RecoveryWords: Component {
    /// The words, in order.
    package var words: [String]

    /// The words that open the vault again.
    package init(_ words: [String]) { self.words = words }

    /// The grid.
    package var html: HTML {
        let items: [HTML] = words.map { "<li><code>\($0)</code></li>" }
        return "<ol class=\"recovery-words\" translate=\"no\">\(items)</ol>"
    }
}

/// A QR code, black on white in both themes: many cameras refuse an inverted one (ISO/IEC 18004, 4 modules of quiet
/// zone on each side).
package struct QRImage: Component {
    /// The modules, row by row; true is dark.
    package var modules: [[Bool]]
    /// What it holds, in words; never the secret itself.
    package var label: String

    /// A QR code.
    package init(modules: [[Bool]], label: String) {
        self.modules = modules
        self.label = label
    }

    /// The drawing, one path for all modules.
    package var html: HTML {
        let side = modules.count + 8
        let path = modules.enumerated().map { y, row in Self.runs(of: row, y: y + 4) }.joined()
        return """
            <svg class="qr-code" role="img" viewBox="0 0 \(side) \(side)" shape-rendering="crispEdges">\
            <title>\(label)</title><rect width="\(side)" height="\(side)" fill="#fff"/>\
            <path fill="#000" d="\(path)"/></svg>
            """
    }

    /// The dark runs of a row as rectangles.
    private static func runs(of row: [Bool], y: Int) -> String {
        var path = ""
        var start: Int?
        for (x, isDark) in (row + [false]).enumerated() {
            if isDark {
                start = start ?? x
            } else if let from = start {
                path += "M\(from + 4) \(y)h\(x - from)v1h-\(x - from)z"
                start = nil
            }
        }
        return path
    }
}
