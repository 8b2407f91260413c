// SPDX-License-Identifier: Apache-2.0

/// An array in pages. When a copy of it is changed, one page and the list of pages are copied, not everything.
struct Pages<Element: Sendable>: Sendable {
    private static var bits: Int { 8 }
    private static var mask: Int { (1 << bits) - 1 }

    private var pages: [[Element]] = []
    private(set) var count = 0

    subscript(_ index: Int32) -> Element {
        get { pages[Int(index) >> Self.bits][Int(index) & Self.mask] }
        set { pages[Int(index) >> Self.bits][Int(index) & Self.mask] = newValue }
    }

    mutating func append(_ element: Element) {
        if count & Self.mask == 0 { pages.append([]) }
        pages[count >> Self.bits].append(element)
        count += 1
    }
}
