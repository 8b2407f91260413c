// SPDX-License-Identifier: Apache-2.0

/// A text whose line breaks are still open, in the way of Wadler's "A prettier printer".
enum Layout: Sendable {
    /// Text without knowledge of lines, and the columns that it takes.
    case text([UInt8], columns: Int)
    /// The end of a line, in every case.
    case hardBreak
    /// The end of a line; a space or nothing when the group is on one line.
    case softBreak(isSpace: Bool)
    /// One after the other. INVARIANT: none of them is an empty row, because what follows a break says where the new
    /// line begins.
    case sequence([Layout])
    /// With lines that begin so many columns further right.
    indirect case nested(Int, Layout)
    /// On one line if it fits there, with all its soft breaks otherwise.
    indirect case grouped(Layout)

    /// Nothing at all.
    static var nothing: Layout { .sequence([]) }
    static var space: Layout { .text([0x20], columns: 1) }
    /// A space or a new line.
    static var line: Layout { .softBreak(isSpace: true) }
    /// Nothing or a new line.
    static var seam: Layout { .softBreak(isSpace: false) }

    static func text(_ bytes: some Sequence<UInt8>) -> Layout {
        let bytes = Array(bytes)
        return .text(bytes, columns: TextWidth.columns(of: bytes))
    }

    /// One after the other.
    static func row(_ layouts: [Layout]) -> Layout {
        let layouts = layouts.filter { !$0.isNothing }
        return layouts.count == 1 ? layouts[0] : .sequence(layouts)
    }

    static func nest(_ columns: Int, _ layout: Layout) -> Layout {
        layout.isNothing ? layout : .nested(columns, layout)
    }

    /// What holds no break needs no group.
    static func group(_ layout: Layout) -> Layout {
        switch layout {
        case .text, .grouped: layout
        default: layout.isNothing ? layout : .grouped(layout)
        }
    }

    private var isNothing: Bool {
        if case .sequence(let layouts) = self { layouts.isEmpty } else { false }
    }

    /// With the same thing between each two of them.
    static func row(_ layouts: [Layout], separator: Layout) -> Layout {
        row(Array(layouts.map { [$0] }.joined(separator: [separator])))
    }
}
